"""Random parts of images."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

import torch
from einops import rearrange
from pydantic import Field
from torch import Tensor

from sslkit.augment.draws import check_range, uniform
from sslkit.augment.images.base import AspectRatio, ImageAugmentation, coin
from sslkit.augment.rows import weighted_rows
from sslkit.hookspecs import hookimpl
from sslkit.types import Probability

if TYPE_CHECKING:
    from sslkit.registry import Registry

ATTEMPTS = 10  # to find a box that fits; then the whole image at the nearest ratio, as torchvision does
TABLE = 2**18  # as many taps are kept, at most, for all the boxes that images of a size can have

Area = Annotated[float, Field(ge=0.02, le=1)]  # below it nothing is left to recognise, at strength 2 either


class AxisCrop(NamedTuple):
    """Where boxes start and how long they are along one axis, in whole pixels ``(B, 1)``; who is mirrored."""

    start: Tensor
    length: Tensor
    mirrored: Tensor | None = None


class RandomResizedCrop(ImageAugmentation):
    """A random box of each image, stretched to the full size, and mirrored with probability ``flip``.

    The box's area is uniform, the logarithm of its ratio (width / height) too; interpolation is
    antialiased. Equal to torchvision's RandomResizedCrop in the law of its boxes and, for the same box,
    in its pixels.

    Args:
        area: the box's share of the image.
        ratio: width / height of the box.
        interpolation: between pixels.
        flip: probability of a horizontal flip, which costs nothing here.

    Raises:
        SSLKitError: an area not within 0.02…1, a ratio not within 0.01…100.

    Source: Chen et al. 2020 (SimCLR), appendix A.
    """

    neutral = {"area": (1.0, 1.0)}  # noqa: RUF012

    def __init__(
        self,
        area: tuple[Area, Area] = (0.08, 1.0),
        ratio: tuple[AspectRatio, AspectRatio] = (3 / 4, 4 / 3),
        interpolation: Literal["bicubic", "bilinear"] = "bicubic",
        flip: Probability = 0.0,
    ) -> None:
        check_range("random-resized-crop: area", area, 0.02, 1.0)
        check_range("random-resized-crop: ratio", ratio, 0.01, 100.0)
        self.area, self.ratio, self.interpolation, self.flip = area, ratio, interpolation, flip

    @classmethod
    def at_strength(cls, settings: Mapping[str, Any], strength: float) -> dict[str, Any]:
        return {**super().at_strength(settings, strength), "flip": coin(settings["flip"], strength)}

    def draw(
        self, batch: int, height: int, width: int, generator: torch.Generator
    ) -> tuple[AxisCrop, AxisCrop]:
        """Boxes within ``height`` × ``width``: their rows and their columns."""

        tried, one = (batch, ATTEMPTS), (batch, 1)
        area = uniform(tried, *self.area, generator).mul_(height * width)
        ratio = uniform(tried, math.log(self.ratio[0]), math.log(self.ratio[1]), generator).exp_()
        widths, heights = (area * ratio).sqrt_().round_(), (area / ratio).sqrt_().round_()
        fits = (widths > 0) & (widths <= width) & (heights > 0) & (heights <= height)
        first = fits.byte().argmax(1, keepdim=True)
        found = fits.gather(1, first)
        central_width, central_height = self._largest(height, width)
        box_width = torch.where(found, widths.gather(1, first), central_width)
        box_height = torch.where(found, heights.gather(1, first), central_height)
        right, down = uniform(one, 0, 1, generator), uniform(one, 0, 1, generator)
        left = torch.where(found, right * (width - box_width + 1), (width - central_width) / 2)
        top = torch.where(found, down * (height - box_height + 1), (height - central_height) / 2)
        mirrored = uniform(one, 0, 1, generator) < self.flip if self.flip else None
        # a draw just below 1 may round to it
        left, top = left.floor().minimum(width - box_width), top.floor().minimum(height - box_height)
        return AxisCrop(top, box_height), AxisCrop(left, box_width, mirrored)

    def _largest(self, height: int, width: int) -> tuple[int, int]:
        """Width and height of the largest central box with a ratio that is allowed."""
        ratio = min(max(width / height, self.ratio[0]), self.ratio[1])
        return min(width, max(1, round(height * ratio))), min(height, max(1, round(width / ratio)))

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        height, width = x.shape[-2:]
        rows, columns = self.draw(len(x), height, width, generator)
        return resized_crop(x, rows, columns, (height, width), self.interpolation)


def resized_crop(
    x: Tensor, rows: AxisCrop, columns: AxisCrop, size: tuple[int, int], interpolation: str
) -> Tensor:
    """Boxes of ``x`` (B, C, H, W) stretched to ``size``, one axis after the other."""
    turned = rearrange(x, "b c h w -> b c w h")
    narrowed = weighted_rows(turned, *taps(columns, x.shape[-1], size[1], interpolation))
    upright = rearrange(narrowed, "b c w h -> b c h w")
    return weighted_rows(upright, *taps(rows, x.shape[-2], size[0], interpolation)).clamp_(0, 1)


def taps(crop: AxisCrop, length: int, size: int, interpolation: str) -> tuple[Tensor, Tensor]:
    """Which K of ``length`` pixels make each of ``size``, and their weights: both ``(B, size, K)``.

    Boxes have whole lengths, so all there can be are computed once, unless the images are very large.
    """
    if length * size > TABLE:
        pixels, weights = _taps(crop.length, length, size, interpolation)
        if crop.mirrored is not None:
            order = torch.arange(size, device=pixels.device)
            order = torch.where(crop.mirrored, order.flip(0), order).unsqueeze(2).expand_as(pixels)
            pixels, weights = pixels.gather(1, order), weights.gather(1, order)
    else:
        all_pixels, all_weights = _all_taps(length, size, interpolation, crop.start.device)
        row = crop.length - 1 if crop.mirrored is None else crop.length - 1 + length * crop.mirrored
        row = row.squeeze(1).long()
        pixels, weights = all_pixels.index_select(0, row), all_weights.index_select(0, row)
    return pixels.add_(crop.start.unsqueeze(2).long()), weights


@lru_cache(maxsize=8)
def _all_taps(length: int, size: int, interpolation: str, device: torch.device) -> tuple[Tensor, Tensor]:
    """Taps of boxes from pixel 0 on, 1 to ``length`` long, then of the same mirrored: ``(2·length, size, K)``."""
    lengths = torch.arange(1, length + 1, device=device).unsqueeze(1)
    pixels, weights = _taps(lengths, length, size, interpolation)
    return torch.cat([pixels, pixels.flip(1)]), torch.cat([weights, weights.flip(1)])


def _taps(lengths: Tensor, longest: int, size: int, interpolation: str) -> tuple[Tensor, Tensor]:
    """Taps of boxes that start at pixel 0 and have these ``lengths`` (N, 1), at most ``longest``."""
    reach = 2 if interpolation == "bicubic" else 1
    step = lengths / size  # source pixels a result pixel; above 1 the kernel is widened: antialiasing
    stretch = step.clamp(min=1.0)
    centres = (torch.arange(size, device=step.device) + 0.5) * step
    first = (centres - reach * stretch + 0.5).floor_()
    count = math.ceil(2 * reach * max(1.0, longest / size))
    pixels = first.unsqueeze(2) + torch.arange(count, device=step.device)
    distances = (pixels + 0.5 - centres.unsqueeze(2)).abs_().div_(stretch.unsqueeze(2))
    last = lengths.unsqueeze(2) - 1
    inside = (pixels >= 0) & (pixels <= last)
    weights = (cubic(distances) if interpolation == "bicubic" else (1 - distances).clamp_(min=0)) * inside
    weights /= weights.sum(2, keepdim=True)
    return pixels.clamp_(min=0).minimum(last).long(), weights


def cubic(distance: Tensor) -> Tensor:
    """Keys' cubic kernel with a = -1/2, without branches, for distances ≥ 0."""
    near, far = (1 - distance).clamp_(min=0), (2 - distance).clamp_(min=0)
    return near.square() * (1 - 2 * near) + 0.5 * far.square() * (far - 1)


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("random-resized-crop", RandomResizedCrop)
