"""Light that falls unevenly."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch
from einops import rearrange
from torch import Tensor

from sslkit.augment.draws import uniform
from sslkit.augment.images.base import ImageAugmentation
from sslkit.hookspecs import hookimpl
from sslkit.types import Probability

if TYPE_CHECKING:
    from sslkit.registry import Registry


class Illumination(ImageAugmentation):
    """Uneven light: each image times a smooth field, a gradient in a random direction and a darker rim.

    The field is 1 + g·(x cos a + y sin a) - k·|(x, y) - c|² with coordinates that reach distance 1 from the
    centre in the corners, a random direction a, and c, the brightest place of the lamp, anywhere within
    ``shift``. All channels get the same field. Results are cut to 0…1.

    Args:
        gradient: largest g: 0.2 makes one corner up to 20 % brighter and the opposite one darker.
        vignette: largest k: 0.3 takes up to 30 % from the corners.
        shift: how far the brightest place may be from the centre, along each axis.

    Source: Goldman and Chen 2005, Vignette and exposure calibration and compensation (ICCV): even powers of the
    radius; here the second, about a centre that moves.
    """

    neutral = {"gradient": 0.0, "vignette": 0.0}  # noqa: RUF012

    def __init__(
        self, gradient: Probability = 0.2, vignette: Probability = 0.3, shift: Probability = 0.3
    ) -> None:
        self.gradient, self.vignette, self.shift = gradient, vignette, shift

    def draw(self, batch: int, generator: torch.Generator) -> Tensor:
        """What 1, x, y and x² + y² are multiplied with: ``(B, 4)``."""
        gradient = uniform(batch, 0, self.gradient, generator)
        angle = uniform(batch, 0, 2 * math.pi, generator)
        vignette = uniform(batch, 0, self.vignette, generator)
        x, y = uniform((2, batch), -self.shift, self.shift, generator)
        return torch.stack(
            [
                1 - vignette * (x * x + y * y),
                gradient * angle.cos() + 2 * vignette * x,
                gradient * angle.sin() + 2 * vignette * y,
                -vignette,
            ],
            dim=1,
        )

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        height, width = x.shape[-2:]
        fields = rearrange(
            self.draw(len(x), generator) @ polynomials(height, width, x.device),
            "b (h w) -> b 1 h w",
            h=height,
        )
        return (x * fields.clamp_(min=0)).clamp_(0, 1).to(x.dtype)


def polynomials(height: int, width: int, device: torch.device) -> Tensor:
    """1, x, y and x² + y² of all pixels ``(4, H·W)``; the corners' outer edges are at distance 1."""
    half = math.hypot(height, width) / 2
    rows = (torch.arange(height, device=device) + 0.5 - height / 2) / half
    columns = (torch.arange(width, device=device) + 0.5 - width / 2) / half
    y, x = torch.meshgrid(rows, columns, indexing="ij")
    return rearrange([torch.ones_like(x), x, y, x * x + y * y], "term h w -> term (h w)")


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("illumination", Illumination)
