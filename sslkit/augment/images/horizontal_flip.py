"""Left for right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor

from sslkit.augment.images.base import FlipAugmentation
from sslkit.hookspecs import hookimpl

if TYPE_CHECKING:
    from sslkit.registry import Registry


class HorizontalFlip(FlipAugmentation):
    """Images mirrored left to right, by default every other one."""

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        return x.flip(-1)


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("horizontal-flip", HorizontalFlip)
