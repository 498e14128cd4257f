"""The figures of one method: draws are averaged within a seed, and the seed is what is counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from sslkit.errors import SSLKitError

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Summary:
    """Mean and sample standard deviation over ``n`` seeds; ``spread`` is None where n = 1."""

    mean: float
    spread: float | None
    n: int


def seed_means(figures: Iterable[tuple[int, float]]) -> dict[int, float]:
    """``(seed, figure)`` of every draw → seed → mean over its draws, which are not independent."""
    values: dict[int, list[float]] = {}
    for seed, figure in figures:
        values.setdefault(seed, []).append(figure)
    return {seed: float(np.mean(values[seed])) for seed in sorted(values)}


def summarise(figures: Mapping[int, float]) -> Summary:
    """Mean and sample standard deviation (n - 1) over seeds.

    Raises:
        SSLKitError: no seed, or a figure that is not finite.
    """
    values = finite_array(figures.values())
    return Summary(float(values.mean()), float(values.std(ddof=1)) if len(values) > 1 else None, len(values))


def finite_array(values: Iterable[float]) -> np.ndarray:
    """The values as a float64 array.

    Raises:
        SSLKitError: none, or one that is NaN or infinite.
    """
    array = np.array(list(values), dtype=np.float64)
    if len(array) == 0:
        raise SSLKitError("nothing to compare: no result (or no seed that both have).")
    if not np.isfinite(array).all():
        raise SSLKitError("a result is NaN or infinite: it cannot be averaged.")
    return array
