"""Something lies in front."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

import torch
from einops import rearrange
from torch import Tensor

from sslkit.augment.draws import check_range, uniform
from sslkit.augment.images.base import AspectRatio, ImageAugmentation
from sslkit.hookspecs import hookimpl
from sslkit.types import Probability

if TYPE_CHECKING:
    from sslkit.registry import Registry


class Occlusion(ImageAugmentation):
    """Occlusion: a random rectangle or ellipse of the image is covered (random erasing, cutout).

    The share of the area is uniform, the ratio (width / height) uniform in its logarithm; sides longer than
    the image are cut to it. Every other image by default.

    Args:
        area: the rectangle's share of the image.
        ratio: width / height.
        shape: a rectangle, or the ellipse in it, which covers π/4 of it.
        fill: ``mean`` of the image's channels, uniform ``noise``, or a value.

    Raises:
        SSLKitError: an area not within 0…1, a ratio not within 0.01…100.

    Source: Zhong et al. 2020, Random erasing; DeVries and Taylor 2017, Cutout.
    """

    p = 0.5
    neutral = {"area": (0.0, 0.0)}  # noqa: RUF012

    def __init__(
        self,
        area: tuple[Probability, Probability] = (0.02, 0.2),
        ratio: tuple[AspectRatio, AspectRatio] = (0.3, 3.3),
        shape: Literal["rectangle", "ellipse"] = "rectangle",
        fill: Literal["mean", "noise"] | Probability = "mean",
    ) -> None:
        check_range("occlusion: area", area, 0.0, 1.0)
        check_range("occlusion: ratio", ratio, 0.01, 100.0)
        self.area, self.ratio, self.shape, self.fill = area, ratio, shape, fill

    def draw(self, batch: int, height: int, width: int, generator: torch.Generator) -> Tensor:
        """Boxes in whole pixels: top, left, height and width, ``(4, B)``."""
        area = uniform(batch, *self.area, generator).mul_(height * width)
        ratio = uniform(batch, math.log(self.ratio[0]), math.log(self.ratio[1]), generator).exp_()
        tall = (area / ratio).sqrt_().round_().clamp_(max=height)
        wide = (area * ratio).sqrt_().round_().clamp_(max=width)
        down, right = uniform((2, batch), 0, 1, generator)
        # a draw just below 1 may round to it
        top = (down * (height - tall + 1)).floor_().minimum(height - tall)
        left = (right * (width - wide + 1)).floor_().minimum(width - wide)
        return torch.stack([top, left, tall, wide])

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        height, width = x.shape[-2:]
        boxes = self.draw(len(x), height, width, generator)
        cover = box_cover(boxes, height, width, self.shape == "ellipse")
        if self.fill == "mean":
            filling = x.mean((2, 3), keepdim=True, dtype=torch.float32)
        elif self.fill == "noise":
            filling = uniform(x.shape, 0, 1, generator)
        else:
            filling = torch.full((1, 1, 1, 1), float(self.fill), device=x.device)
        # lerp is exact at 0 and 1; torch.where on a mask without pattern is 9 times slower on a CPU
        return x.float().lerp(filling, cover).to(x.dtype)


def box_cover(boxes: Tensor, height: int, width: int, ellipse: bool) -> Tensor:
    """1 where a box, or the ellipse in it, covers a pixel's centre, else 0: ``(B, 1, H, W)``."""
    top, left, tall, wide = rearrange(boxes, "side b -> side b 1 1 1").unbind()
    rows = rearrange(torch.arange(height, device=boxes.device), "h -> h 1")
    down = rows + 0.5 - (top + tall / 2)
    right = torch.arange(width, device=boxes.device) + 0.5 - (left + wide / 2)
    if ellipse:
        inside = (down / tall.clamp(min=1)).square() + (right / wide.clamp(min=1)).square() <= 0.25
        return (inside & (tall > 0) & (wide > 0)).float()
    return (down.abs() < tall / 2).float() * (right.abs() < wide / 2)


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("occlusion", Occlusion)
