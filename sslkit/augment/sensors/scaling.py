"""Gain errors."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import torch
from torch import Tensor

from sslkit.augment.draws import normal
from sslkit.augment.sensors.base import SensorAugmentation
from sslkit.hookspecs import hookimpl
from sslkit.types import NonNegative

if TYPE_CHECKING:
    from sslkit.registry import Registry


class Scaling(SensorAugmentation):
    """Every channel times one random factor, as another gain or a stronger movement would do.

    Args:
        sigma: factors are drawn from N(1, sigma), one for each sample and channel.

    Source: Um et al. 2017; Tang et al. 2020.
    """

    neutral: ClassVar = {"sigma": 0.0}

    def __init__(self, sigma: NonNegative = 0.1) -> None:
        self.sigma = sigma

    def draw(self, batch: int, channels: int, generator: torch.Generator) -> Tensor:
        """Factors ``(B, C)``."""
        return normal((batch, channels), 1.0, self.sigma, generator)

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        return scale(x, self.draw(x.shape[0], x.shape[1], generator))


def scale(x: Tensor, factors: Tensor) -> Tensor:
    """``x`` (B, C, T) times ``factors`` (B, C)."""
    return x * factors.unsqueeze(-1).to(x.dtype)


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("scaling", Scaling)
