"""Smooth random curves: a cubic spline through a few knots, as one matrix product for the batch."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import torch
from torch import Tensor


@lru_cache(maxsize=32)
def spline_basis(points: int, length: int, device: torch.device) -> Tensor:
    """``(points, length)``: values at equally spaced knots times this is the cubic spline (not-a-knot)
    through them.

    The first knot is at the window's first sample and the last one at its last.
    """
    from scipy.interpolate import CubicSpline

    knots = np.linspace(0, max(length - 1, 1), points)
    basis = CubicSpline(knots, np.eye(points))(np.arange(length))
    return torch.from_numpy(np.ascontiguousarray(basis.T)).to(device, torch.float32)


def smooth_curves(knots: Tensor, length: int) -> Tensor:
    """Knot values ``(..., points)`` → curves ``(..., length)``."""
    return knots @ spline_basis(knots.shape[-1], length, knots.device)
