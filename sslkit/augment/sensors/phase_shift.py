"""Another phase at the same frequencies."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, ClassVar

import torch
from pydantic import Field
from torch import Tensor

from sslkit.augment.draws import uniform
from sslkit.augment.sensors.base import SensorAugmentation
from sslkit.augment.sensors.spectrum import filter_spectrum
from sslkit.hookspecs import hookimpl

if TYPE_CHECKING:
    from sslkit.registry import Registry


class PhaseShift(SensorAugmentation):
    """All frequencies of a window turned by one random phase: spectrum and envelope stay, the wave's shape
    does not.

    The phase is the same for all channels, so they stay in step. The constant part and, in windows of even
    length, the highest frequency have no phase and stay.

    Args:
        degrees: phases are uniform in ±degrees.

    Source: the phase shift of CL-HAR (Qian et al. 2022), which draws a phase for every frequency and so
    scatters transients in time; one phase for all does not.
    """

    neutral: ClassVar = {"degrees": 0.0}

    def __init__(self, degrees: Annotated[float, Field(ge=0, le=180)] = 180.0) -> None:
        self.degrees = degrees

    def shortest(self) -> int:
        return 4

    def draw(self, batch: int, generator: torch.Generator) -> Tensor:
        """Phases in radians ``(B,)``."""
        limit = math.radians(self.degrees)
        return uniform(batch, -limit, limit, generator)

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        return shift_phase(x, self.draw(x.shape[0], generator))


def shift_phase(x: Tensor, phases: Tensor) -> Tensor:
    """``x`` (B, C, T) with every frequency turned by ``phases`` (B,)."""
    length = x.shape[-1]
    turns = torch.polar(torch.ones_like(phases), phases)
    gains = turns[:, None].repeat(1, length // 2 + 1)
    gains[:, 0] = 1.0
    if length % 2 == 0:
        gains[:, -1] = 1.0
    return filter_spectrum(x, gains)


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("phase-shift", PhaseShift)
