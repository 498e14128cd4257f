"""Slow gain drift."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor

from sslkit.augment.sensors.base import SensorAugmentation
from sslkit.augment.sensors.draws import normal
from sslkit.augment.sensors.splines import smooth_curves
from sslkit.hookspecs import hookimpl
from sslkit.types import Count, NonNegative

if TYPE_CHECKING:
    from sslkit.registry import Registry


class MagnitudeWarp(SensorAugmentation):
    """Every channel times a smooth random curve around 1, as a slowly drifting gain would do.

    The curve is a cubic spline through values of N(1, sigma) at the window's ends and at ``knots`` equally
    spaced places between, drawn anew for each sample and channel.

    Args:
        sigma: the standard deviation of the values at the knots.
        knots: the number of inner knots.

    Source: Um et al. 2017.
    """

    def __init__(self, sigma: NonNegative = 0.2, knots: Count = 4) -> None:
        self.sigma, self.knots = sigma, knots

    def shortest(self) -> int:
        return self.knots + 2

    def draw(self, batch: int, channels: int, generator: torch.Generator) -> Tensor:
        """Values at the knots ``(B, C, knots + 2)``."""
        return normal((batch, channels, self.knots + 2), 1.0, self.sigma, generator)

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        return warp_magnitude(x, self.draw(x.shape[0], x.shape[1], generator))


def warp_magnitude(x: Tensor, knots: Tensor) -> Tensor:
    """``x`` (B, C, T) times the splines through ``knots`` (B, C, points)."""
    return smooth_curves(knots, x.shape[-1]).to(x.dtype).mul_(x)


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("magnitude-warp", MagnitudeWarp)
