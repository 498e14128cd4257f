"""Backwards in time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor

from sslkit.augment.sensors.base import SensorAugmentation
from sslkit.hookspecs import hookimpl

if TYPE_CHECKING:
    from sslkit.registry import Registry


class TimeFlip(SensorAugmentation):
    """The window backwards, for half of the samples. In no recipe: most signals mean something else then.

    Source: Tang et al. 2020.
    """

    p = 0.5

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        return x.flip(-1)


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("time-flip", TimeFlip)
