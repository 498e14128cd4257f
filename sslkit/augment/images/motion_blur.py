"""Something moves while the shutter is open."""

from __future__ import annotations

import math
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

Length = Annotated[float, Field(ge=0, le=64)]


class MotionBlur(ImageAugmentation):
    """Motion blur: the mean of the image along a straight path of random direction and length.

    As of a part on a moving belt or a camera that shakes. Borders are mirrored; of a path longer than twice
    the image the ends are left out.

    Args:
        length: of the path in pixels, uniform in this range.

    Raises:
        SSLKitError: a range that is not within 0…64.

    Source: Hendrycks and Dietterich 2019 (ImageNet-C), motion blur; Boracchi and Foi 2012, uniform motion.
    """

    neutral = {"length": (0.0, 0.0)}  # noqa: RUF012

    def __init__(self, length: tuple[Length, Length] = (1.0, 5.0)) -> None:
        check_range("motion-blur: length", length, 0.0, 64.0)
        self.length = length

    def draw(self, batch: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Lengths and angles (0…π), both ``(B,)``."""
        return uniform(batch, *self.length, generator), uniform(batch, 0, math.pi, generator)

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        reach = kernel_radius(self.length[1] / 2, *x.shape[-2:])
        return convolve_images(x, paths(*self.draw(len(x), generator), reach))


def paths(length: Tensor, angle: Tensor, reach: int) -> Tensor:
    """Straight paths of sum 1 ``(B, 2·reach + 1, 2·reach + 1)``: points a quarter pixel apart or nearer.

    Each point is shared bilinearly between its four pixels, so the result is the mean of shifted images.
    """
    offsets = torch.arange(-reach, reach + 1, device=length.device)
    points = 8 * max(1, reach) + 1  # odd: the middle is among them
    steps = (torch.arange(points, device=length.device) + 0.5) / points - 0.5
    steps = steps * length.unsqueeze(1)

    def shares(places: Tensor) -> Tensor:
        return (1 - (places.unsqueeze(2) - offsets).abs_()).clamp_(min=0)

    across, down = shares(steps * angle.cos().unsqueeze(1)), shares(steps * angle.sin().unsqueeze(1))
    kernels = torch.bmm(rearrange(down, "b point row -> b row point"), across)
    return kernels / kernels.sum((1, 2), keepdim=True)


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("motion-blur", MotionBlur)
