"""Changes of speed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor

from sslkit.augment.sensors.resampling import read_at
from sslkit.augment.sensors.splines import CurveAugmentation, smooth_curves
from sslkit.hookspecs import hookimpl

if TYPE_CHECKING:
    from sslkit.registry import Registry

SLOWEST = 0.1  # of the mean speed: the clock always goes forward


class TimeWarp(CurveAugmentation):
    """The window read with a clock that runs faster and slower, the same one for all channels, so they stay
    in step.

    The clock's speed is a cubic spline through values of N(1, sigma) at the window's ends and at ``knots``
    equally spaced places between, never below 0.1; the clock starts at the window's first sample and ends
    at its last. Values between samples are interpolated linearly.

    Args:
        sigma: the standard deviation of the speed at the knots.
        knots: the number of inner knots.

    Source: Um et al. 2017.
    """

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        return read_at(x, clock(self.draw((x.shape[0],), generator), x.shape[-1]))


def clock(speeds: Tensor, length: int) -> Tensor:
    """Speeds at the knots ``(B, points)`` → times to read ``(B, length)``, rising from 0 to length - 1."""
    speed = smooth_curves(speeds, length).clamp_(min=SLOWEST)
    speed[:, 0] = 0.0
    passed = speed.cumsum(1)
    return passed.mul_((length - 1) / passed[:, -1:].clone()).clamp_(max=length - 1)


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("time-warp", TimeWarp)
