"""Rotations that lose nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor

from sslkit.augment.images.base import ImageAugmentation
from sslkit.hookspecs import hookimpl

if TYPE_CHECKING:
    from sslkit.registry import Registry


class QuarterTurns(ImageAugmentation):
    """Images turned by 0, 90, 180 or 270 degrees, each as likely: for pictures that have no up.

    Images that are not square are turned by 0 or 180 degrees.
    """

    def draw(self, batch: int, generator: torch.Generator, square: bool) -> Tensor:
        """Quarter turns to the left: int64 ``(B,)``, 0…3, even ones only where ``square`` is false."""
        turns = torch.randint(4, (batch,), generator=generator, device=generator.device)
        return turns if square else turns // 2 * 2

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        square = x.shape[-1] == x.shape[-2]
        turns = self.draw(len(x), generator, square)
        result = x
        for turn in range(1, 4) if square else (2,):
            chosen = (turns == turn).view(-1, 1, 1, 1)
            result = torch.where(chosen, x.rot90(turn, (-2, -1)), result)
        return result


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("quarter-turns", QuarterTurns)
