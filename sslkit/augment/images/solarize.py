"""Bright parts inverted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor

from sslkit.augment.images.base import ImageAugmentation
from sslkit.hookspecs import hookimpl
from sslkit.types import Probability

if TYPE_CHECKING:
    from sslkit.registry import Registry


class Solarize(ImageAugmentation):
    """Values from ``threshold`` on inverted, v → 1 - v. One of five images by default.

    Args:
        threshold: the smallest value that is inverted.

    Source: Grill et al. 2020 (BYOL), appendix B.
    """

    p = 0.2

    def __init__(self, threshold: Probability = 0.5) -> None:
        self.threshold = threshold

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        # arithmetic: torch.where on a mask without pattern is slow on a CPU
        inverted = (x >= self.threshold).to(x.dtype)
        return inverted.mul_(1 - 2 * x).add_(x)


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("solarize", Solarize)
