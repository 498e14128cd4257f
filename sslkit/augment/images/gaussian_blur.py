"""Out of focus."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from sslkit.augment.images.base import ImageAugmentation, check_range
from sslkit.augment.images.lines import blend_lines
from sslkit.hookspecs import hookimpl

if TYPE_CHECKING:
    from sslkit.registry import Registry


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

    def __init__(self, sigma: tuple[float, float] = (0.1, 2.0)) -> None:
        check_range("gaussian-blur: sigma", sigma, 0.01, 100.0)
        self.sigma = sigma

    def radius(self, height: int, width: int) -> int:
        """Pixels that the kernel reaches to either side."""
        shorter = min(height, width)
        return min(max(1, shorter // 20), math.ceil(4 * self.sigma[1]), shorter - 1)

    def draw(self, batch: int, generator: torch.Generator) -> Tensor:
        """Standard deviations ``(B,)``."""
        return torch.empty(batch, device=generator.device).uniform_(*self.sigma, generator=generator)

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        return blur(x, self.draw(len(x), generator), self.radius(*x.shape[-2:]))


def blur(x: Tensor, sigma: Tensor, radius: int) -> Tensor:
    """``x`` (B, C, H, W), each image with its own ``sigma`` (B,) and kernels of 2·radius + 1 pixels."""
    offsets = torch.arange(-radius, radius + 1, device=x.device)
    kernels = torch.softmax(-0.5 * (offsets / sigma[:, None]).square(), dim=1).unsqueeze(1)
    for _ in range(2):
        length = x.shape[-1]
        pixels = (torch.arange(length, device=x.device)[:, None] + offsets).abs_()
        mirrored = pixels.minimum(2 * (length - 1) - pixels)
        x = blend_lines(x.mT, mirrored.expand(len(x), -1, -1), kernels.expand(-1, length, -1))
    return x.clamp_(0, 1)


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("gaussian-blur", GaussianBlur)
