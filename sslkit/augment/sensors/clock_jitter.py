"""An unsteady clock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

import torch
from pydantic import Field
from torch import Tensor

from sslkit.augment.draws import normal
from sslkit.augment.sensors.base import SensorAugmentation
from sslkit.augment.sensors.resampling import read_at
from sslkit.hookspecs import hookimpl

if TYPE_CHECKING:
    from sslkit.registry import Registry


class ClockJitter(SensorAugmentation):
    """Every sample read a little too early or too late, as software that samples on a busy computer does.

    The instants of all channels are the same, each off by an independent N(0, sigma) and kept within the
    window; values between samples are interpolated linearly. Fast parts of a signal suffer most.

    Args:
        sigma: the standard deviation of the instants, in sampling periods.

    Source: tsaug has no such; the model is that of aperture jitter in converters (IEEE Std 1241).
    """

    neutral: ClassVar = {"sigma": 0.0}

    def __init__(self, sigma: Annotated[float, Field(ge=0, le=1)] = 0.2) -> None:
        self.sigma = sigma

    def draw(self, batch: int, length: int, generator: torch.Generator) -> Tensor:
        """The times to read ``(B, T)``, in samples 0…T-1."""
        time = torch.arange(length, device=generator.device)
        return normal((batch, length), 0.0, self.sigma, generator).add_(time).clamp_(0, length - 1)

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        return read_at(x, self.draw(x.shape[0], x.shape[-1], generator))


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("clock-jitter", ClockJitter)
