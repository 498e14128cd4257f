"""Slow drift of the zero."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor

from sslkit.augment.sensors.splines import CurveAugmentation, smooth_curves
from sslkit.hookspecs import hookimpl
from sslkit.types import Count, NonNegative

if TYPE_CHECKING:
    from sslkit.registry import Registry


class BaselineDrift(CurveAugmentation):
    """A slow random curve added to every channel, as a sensor's zero drifts with temperature or posture.

    The curve is a cubic spline through values of N(0, sigma) at the window's ends and at ``knots`` equally
    spaced places between, drawn anew for each sample and channel.

    Args:
        sigma: the standard deviation of the values at the knots, in units of the channel's.
        knots: the number of inner knots: few, so that the curve is slower than the signal.

    Source: after tsaug's ``Drift`` (a random walk through a few points, smoothed) with independent points,
    so that its size does not grow with their number.
    """

    mean = 0.0

    def __init__(self, sigma: NonNegative = 0.3, knots: Count = 2) -> None:
        super().__init__(sigma, knots)

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        return add_drift(x, self.draw(tuple(x.shape[:2]), generator))


def add_drift(x: Tensor, knots: Tensor) -> Tensor:
    """``x`` (B, C, T) plus the splines through ``knots`` (B, C, points)."""
    return smooth_curves(knots, x.shape[-1]).to(x.dtype).add_(x)


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("baseline-drift", BaselineDrift)
