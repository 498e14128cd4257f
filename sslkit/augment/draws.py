"""Random numbers that augmentations draw, and the check of a range they are drawn from."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from sslkit.errors import SSLKitError


def uniform(shape: int | tuple[int, ...], low: float, high: float, generator: torch.Generator) -> Tensor:
    """Numbers in [low, high) on the generator's device."""
    sizes = (shape,) if isinstance(shape, int) else shape
    return torch.empty(sizes, device=generator.device).uniform_(low, high, generator=generator)


def normal(shape: tuple[int, ...], mean: float, sigma: float, generator: torch.Generator) -> Tensor:
    """Numbers of N(mean, sigma) on the generator's device."""
    return torch.randn(shape, generator=generator, device=generator.device).mul_(sigma).add_(mean)


def check_range(
    name: str, bounds: tuple[float, float], low: float = -math.inf, high: float = math.inf
) -> None:
    """Refuse a range whose ends are not in order or lie beyond ``low`` … ``high``.

    Raises:
        SSLKitError: not low ≤ bounds[0] ≤ bounds[1] ≤ high; ``name`` says whose range it is.
    """
    if not low <= bounds[0] <= bounds[1] <= high:
        within = "" if math.isinf(low) and math.isinf(high) else f" within {low:g}…{high:g}"
        raise SSLKitError(f"{name} is a range (from, to){within}, smaller first; found {bounds}.")
