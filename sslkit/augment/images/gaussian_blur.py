"""Out of focus."""

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

Sigma = Annotated[float, Field(ge=0.01, le=100)]
SEPARATE = 6  # from this radius on, rows and then columns cost less than both at once


class GaussianBlur(ImageAugmentation):
    """Gaussian blur of random width, by default of every other image.

    The kernel is a tenth of the shorter side wide, odd, at least 3 pixels (SimCLR: height / 10); what
    lies beyond four standard deviations is left out. Borders are mirrored.

    Args:
        sigma: the standard deviation in pixels, uniform in this range.

    Raises:
        SSLKitError: a range that is not within 0.01…100.

    Source: Chen et al. 2020 (SimCLR), appendix A.
    """

    p = 0.5
    neutral = {"sigma": (0.0, 0.0)}  # noqa: RUF012

    def __init__(self, sigma: tuple[Sigma, Sigma] = (0.1, 2.0)) -> None:
        check_range("gaussian-blur: sigma", sigma, 0.01, 100.0)
        self.sigma = sigma

    def radius(self, height: int, width: int) -> int:
        """Pixels that the kernel reaches to either side."""
        shorter = min(height, width)
        return min(max(1, shorter // 20), kernel_radius(4 * self.sigma[1], height, width))

    def draw(self, batch: int, generator: torch.Generator) -> Tensor:
        """Standard deviations ``(B,)``."""
        return uniform(batch, *self.sigma, generator)

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        return blur(x, self.draw(len(x), generator), self.radius(*x.shape[-2:]))


def blur(x: Tensor, sigma: Tensor, radius: int) -> Tensor:
    """``x`` (B, C, H, W), each image with its own ``sigma`` (B,) and kernels of 2·radius + 1 pixels."""
    offsets = torch.arange(-radius, radius + 1, device=x.device)
    lines = torch.softmax(-0.5 * (offsets / sigma[:, None]).square(), dim=1)
    across, down = rearrange(lines, "b k -> b 1 k"), rearrange(lines, "b k -> b k 1")
    if radius < SEPARATE:
        return convolve_images(x, across * down)
    return convolve_images(convolve_images(x, across), down)


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("gaussian-blur", GaussianBlur)
