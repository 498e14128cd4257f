"""Slow gain drift."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor

from sslkit.augment.sensors.splines import CurveAugmentation, smooth_curves
from sslkit.hookspecs import hookimpl

if TYPE_CHECKING:
    from sslkit.registry import Registry


class MagnitudeWarp(CurveAugmentation):
    """Every channel times a smooth random curve around 1, as a slowly drifting gain would do.

    The curve is a cubic spline through values of N(1, sigma) at the window's ends and at ``knots`` equally
    spaced places between, drawn anew for each sample and channel.

    Args:
        sigma: the standard deviation of the values at the knots.
        knots: the number of inner knots.

    Source: Um et al. 2017.
    """

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        return warp_magnitude(x, self.draw(tuple(x.shape[:2]), generator))


def warp_magnitude(x: Tensor, knots: Tensor) -> Tensor:
    """``x`` (B, C, T) times the splines through ``knots`` (B, C, points)."""
    return smooth_curves(knots, x.shape[-1]).to(x.dtype).mul_(x)


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("magnitude-warp", MagnitudeWarp)
