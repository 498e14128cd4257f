"""Means, spreads and paired differences over seeds, and what may be concluded from them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from sslkit.errors import SSLKitError

CONFIDENCE = 0.95
BASELINES = {
    "random": "the random-init encoder",
    "handcrafted": "handcrafted features",
    "supervised": "supervised training from scratch",
}


@dataclass(frozen=True)
class Summary:
    """Mean and sample standard deviation over ``n`` seeds; ``spread`` is None where n = 1."""

    mean: float
    spread: float | None
    n: int


@dataclass(frozen=True)
class Difference:
    """Mean paired difference over ``n`` seeds with its two-sided 95 % Student-t interval (None at n = 1)."""

    mean: float
    interval: tuple[float, float] | None
    n: int


def by_seed(figures: Iterable[tuple[int, float]]) -> dict[int, float]:
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
    values = _finite(figures.values())
    return Summary(float(values.mean()), float(values.std(ddof=1)) if len(values) > 1 else None, len(values))


def paired_difference(first: Mapping[int, float], second: Mapping[int, float]) -> Difference:
    """``first`` - ``second`` over the seeds that both have.

    Raises:
        SSLKitError: no common seed, or a figure that is not finite.
    """
    from scipy.special import stdtrit

    values = _finite(first[seed] - second[seed] for seed in sorted(first.keys() & second.keys()))
    mean, n = float(values.mean()), len(values)
    if n == 1:
        return Difference(mean, None, n)
    half = float(stdtrit(n - 1, (1 + CONFIDENCE) / 2) * values.std(ddof=1) / math.sqrt(n))
    return Difference(mean, (mean - half, mean + half), n)


def verdict(first: str, second: str, difference: Difference) -> str:
    """One plain sentence: what is better and by how many points, or that nothing can be said.

    Args:
        first: name of an objective.
        second: name of an objective or baseline (``random``, ``handcrafted``, ``supervised``).
        difference: ``first`` - ``second`` of a figure of which more is better, as a fraction.
    """
    baseline = second in BASELINES
    other, points = BASELINES.get(second, second), f"{abs(100 * difference.mean):.1f} points"
    if difference.interval is None:
        order = "above" if difference.mean >= 0 else "below"
        return (
            f"{first} is {points} {order} {other} with one seed (n = 1): no interval can be given, "
            "and nothing concluded."
        )
    low, high = difference.interval
    figures = f"95 % interval {_signed(low)} to {_signed(high)}, n = {difference.n}"
    if low > 0:
        return f"{first} is better than {other} by {points} ({figures})."
    if high < 0 and baseline:
        return f"{first} has no benefit over {other}: it is worse by {points} ({figures})."
    if high < 0:
        return f"{second} is better than {first} by {points} ({first} - {second}: {figures})."
    if baseline:
        return (
            f"{first} has no benefit over {other} that shows: {_signed(difference.mean)} points ({figures})."
        )
    return f"{first} and {second} are not distinguishable: {_signed(difference.mean)} points ({figures})."


def _signed(fraction: float) -> str:
    text = f"{100 * fraction:+.1f}"
    return "0.0" if float(text) == 0 else text.replace("-", "−")


def _finite(values: Iterable[float]) -> np.ndarray:
    array = np.array(list(values), dtype=np.float64)
    if len(array) == 0:
        raise SSLKitError("nothing to compare: no result (or no seed that both have).")
    if not np.isfinite(array).all():
        raise SSLKitError("a result is NaN or infinite: it cannot be averaged.")
    return array
