"""Rotations that lose nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from einops import rearrange
from torch import Tensor

from sslkit.augment.images.base import ImageAugmentation
from sslkit.hookspecs import hookimpl

if TYPE_CHECKING:
    from sslkit.registry import Registry


class QuarterTurns(ImageAugmentation):
    """Images turned by 0, 90, 180 or 270 degrees, each as likely: for pictures that have no up.

    Images that are not square are turned by 0 or 180 degrees. Turns are dealt out in equal numbers over
    the batch.
    """

    def draw(self, batch: int, turns: int, generator: torch.Generator) -> Tensor:
        """Images ``(turns, places)`` that get each turn; numbers of ``batch`` or more stand for nothing."""
        places = batch + -batch % turns
        order = torch.rand(places, generator=generator, device=generator.device).argsort()
        return rearrange(order, "(turn place) -> turn place", turn=turns)

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        turns = (0, 1, 2, 3) if x.shape[-1] == x.shape[-2] else (0, 2)
        order = self.draw(len(x), len(turns), generator)
        result = x.new_empty(order.numel(), *x.shape[1:])
        for turn, images in zip(turns, order, strict=True):
            turned = x.index_select(0, images.clamp(max=len(x) - 1)).rot90(turn, (-2, -1))
            result.index_copy_(0, images, turned)
        return result[: len(x)]


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("quarter-turns", QuarterTurns)
