"""Smooth random curves: a cubic spline through a few knots, as one matrix product for the batch."""

from __future__ import annotations

from functools import lru_cache
from typing import ClassVar

import numpy as np
import torch
from einops import rearrange
from torch import Tensor

from sslkit.augment.draws import normal
from sslkit.augment.sensors.base import SensorAugmentation
from sslkit.types import Count, NonNegative


class CurveAugmentation(SensorAugmentation):
    """Changes windows by smooth random curves: cubic splines through random values at a few knots.

    Args:
        sigma: the standard deviation of the values at the knots.
        knots: the number of inner knots; the window's ends are knots too.
    """

    neutral: ClassVar = {"sigma": 0.0}
    mean: ClassVar[float] = 1.0

    def __init__(self, sigma: NonNegative = 0.2, knots: Count = 4) -> None:
        self.sigma, self.knots = sigma, knots

    def shortest(self) -> int:
        return self.knots + 2

    def draw(self, curves: tuple[int, ...], generator: torch.Generator) -> Tensor:
        """Values at the knots ``(*curves, knots + 2)``."""
        return normal((*curves, self.knots + 2), self.mean, self.sigma, generator)


@lru_cache(maxsize=32)
def spline_basis(points: int, length: int, device: torch.device) -> Tensor:
    """``(points, length)``: values at equally spaced knots times this is the cubic spline (not-a-knot)
    through them.

    The first knot is at the window's first sample and the last one at its last.
    """
    from scipy.interpolate import CubicSpline

    knots = np.linspace(0, max(length - 1, 1), points)
    basis = CubicSpline(knots, np.eye(points))(np.arange(length))
    return torch.from_numpy(np.ascontiguousarray(rearrange(basis, "time knot -> knot time"))).to(
        device, torch.float32
    )


def smooth_curves(knots: Tensor, length: int) -> Tensor:
    """Knot values ``(..., points)`` → curves ``(..., length)``."""
    return knots @ spline_basis(knots.shape[-1], length, knots.device)
