"""A part of the window at the whole window's length."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, ClassVar

import torch
from pydantic import Field
from torch import Tensor

from sslkit.augment.sensors.base import SensorAugmentation
from sslkit.augment.sensors.resampling import read_span
from sslkit.hookspecs import hookimpl

if TYPE_CHECKING:
    from sslkit.registry import Registry


class WindowSlice(SensorAugmentation):
    """A slice of fixed length from a random place, stretched back to the window's length.

    Args:
        ratio: the slice's length as a fraction of the window's, rounded up to whole samples.

    Source: Le Guennec et al. 2016; Iwana & Uchida 2021.
    """

    neutral: ClassVar = {"ratio": 1.0}

    def __init__(self, ratio: Annotated[float, Field(ge=0.05, le=1)] = 0.9) -> None:
        self.ratio = ratio

    def shortest(self) -> int:
        return 2

    def size(self, length: int) -> int:
        """The slice's length in samples, at least 2."""
        return max(2, math.ceil(self.ratio * length))

    def draw(self, batch: int, length: int, generator: torch.Generator) -> Tensor:
        """First samples of the slices ``(B,)``."""
        return torch.randint(
            length - self.size(length) + 1, (batch,), generator=generator, device=generator.device
        )

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        starts = self.draw(x.shape[0], x.shape[-1], generator).float()
        return read_span(x, starts, torch.full_like(starts, self.size(x.shape[-1]) - 1))


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("window-slice", WindowSlice)
