"""Top for bottom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor

from sslkit.augment.images.base import FlipAugmentation
from sslkit.hookspecs import hookimpl

if TYPE_CHECKING:
    from sslkit.registry import Registry


class VerticalFlip(FlipAugmentation):
    """Images mirrored top to bottom, by default every other one: for pictures that have no up."""

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        return x.flip(-2)


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("vertical-flip", VerticalFlip)
