"""A lens that is not in focus."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import torch
from einops import rearrange
from pydantic import Field
from torch import Tensor

from sslkit.augment.draws import check_range, uniform
from sslkit.augment.images.base import ImageAugmentation
from sslkit.augment.images.convolve import convolve_images, kernel_radius
from sslkit.hookspecs import hookimpl

if TYPE_CHECKING:
    from sslkit.registry import Registry

DiscRadius = Annotated[float, Field(ge=0, le=32)]


class Defocus(ImageAugmentation):
    """Defocus: every point becomes a disc of random radius, as through an open aperture.

    Discs have edges, unlike the bell of ``gaussian-blur``: fine stripes can vanish or swap black and white.
    Borders are mirrored; what a disc wider than the image would take from beyond is left out.

    Args:
        radius: of the disc in pixels, uniform in this range.

    Raises:
        SSLKitError: a range that is not within 0…32.

    Source: Hendrycks and Dietterich 2019 (ImageNet-C), defocus blur.
    """

    neutral = {"radius": (0.0, 0.0)}  # noqa: RUF012

    def __init__(self, radius: tuple[DiscRadius, DiscRadius] = (0.5, 2.0)) -> None:
        check_range("defocus: radius", radius, 0.0, 32.0)
        self.radius = radius

    def draw(self, batch: int, generator: torch.Generator) -> Tensor:
        """Radii ``(B,)``."""
        return uniform(batch, *self.radius, generator)

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        reach = kernel_radius(self.radius[1], *x.shape[-2:])
        return convolve_images(x, discs(self.draw(len(x), generator), reach))


def discs(radius: Tensor, reach: int) -> Tensor:
    """Discs of sum 1 ``(B, 2·reach + 1, 2·reach + 1)``; a pixel's share falls from 1 to 0 across the edge."""
    offsets = torch.arange(-reach, reach + 1, device=radius.device)
    distance = (offsets.square() + offsets.square().unsqueeze(1)).sqrt()
    shares = (rearrange(radius, "b -> b 1 1") + 0.5 - distance).clamp_(0, 1)
    return shares / shares.sum((1, 2), keepdim=True)


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("defocus", Defocus)
