"""Random crops in time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

import torch
from pydantic import Field
from torch import Tensor

from sslkit.augment.draws import check_range, uniform
from sslkit.augment.sensors.base import SensorAugmentation
from sslkit.augment.sensors.resampling import read_span
from sslkit.hookspecs import hookimpl

if TYPE_CHECKING:
    from sslkit.registry import Registry


SHORTEST = 0.05  # of the window; less is hardly more than one value
Fraction = Annotated[float, Field(ge=SHORTEST, le=1)]


class CropResize(SensorAugmentation):
    """A stretch of random length from a random place, stretched to the window's length.

    Frequencies fall by the factor of the stretch's length.

    Args:
        scale: the stretch's length as a fraction of the window's, uniform in this range.

    Raises:
        SSLKitError: a range that is not within 0.05…1.
    """

    neutral: ClassVar = {"scale": (1.0, 1.0)}

    def __init__(self, scale: tuple[Fraction, Fraction] = (0.5, 1.0)) -> None:
        check_range("crop-resize: scale", scale, SHORTEST, 1.0)
        self.scale = scale

    def shortest(self) -> int:
        return 2

    def draw(self, batch: int, length: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Where the stretches start and how long they are, in samples (not whole ones): both ``(B,)``."""
        spans = uniform(batch, *self.scale, generator) * (length - 1)
        return uniform(batch, 0.0, 1.0, generator) * (length - 1 - spans), spans

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        return read_span(x, *self.draw(x.shape[0], x.shape[-1], generator))


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("crop-resize", CropResize)
