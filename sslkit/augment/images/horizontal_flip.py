"""Left for right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from sslkit.augment.images.base import ImageAugmentation, coin
from sslkit.hookspecs import hookimpl

if TYPE_CHECKING:
    from sslkit.registry import Registry


class HorizontalFlip(ImageAugmentation):
    """Images mirrored left to right, by default every other one."""

    p = 0.5

    @classmethod
    def at_strength(cls, settings: Mapping[str, Any], strength: float) -> dict[str, Any]:
        return {"p": coin(settings["p"], strength)}

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        return x.flip(-1)


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("horizontal-flip", HorizontalFlip)
