"""Draws that several audio augmentations need, one a sample."""

from __future__ import annotations

import torch
from torch import Tensor

from sslkit.errors import SSLKitError


def uniform(size: int, bounds: tuple[float, float], generator: torch.Generator) -> Tensor:
    """``size`` numbers between the bounds, on the generator's device."""
    return torch.empty(size, device=generator.device).uniform_(*bounds, generator=generator)


def check_ordered(name: str, bounds: tuple[float, float]) -> None:
    """Raise ``SSLKitError`` unless the range's ends are in order."""
    if not bounds[0] <= bounds[1]:
        raise SSLKitError(f"{name} is a range (from, to), smaller first; found {bounds}.")
