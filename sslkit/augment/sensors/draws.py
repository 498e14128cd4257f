"""Draws that several sensor augmentations need, one a sample."""

from __future__ import annotations

import torch
from torch import Tensor

from sslkit.errors import SSLKitError


def uniform(size: int, low: float, high: float, generator: torch.Generator) -> Tensor:
    """``size`` numbers in [low, high) on the generator's device."""
    return torch.empty(size, device=generator.device).uniform_(low, high, generator=generator)


def normal(shape: tuple[int, ...], mean: float, sigma: float, generator: torch.Generator) -> Tensor:
    """Numbers of N(mean, sigma) on the generator's device."""
    return torch.randn(shape, generator=generator, device=generator.device).mul_(sigma).add_(mean)


def check_range(name: str, bounds: tuple[float, float], low: float, high: float) -> None:
    """Raise ``SSLKitError`` unless low ≤ bounds[0] ≤ bounds[1] ≤ high."""
    if not low <= bounds[0] <= bounds[1] <= high:
        raise SSLKitError(
            f"{name} is a range (from, to) within {low:g}…{high:g}, smaller first; found {bounds}."
        )
