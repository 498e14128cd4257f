"""Intervals of a share of right answers on one test part."""

from __future__ import annotations

import math

import numpy as np

Interval = tuple[float, float]

Z = 1.959963984540054  # two-sided 95 % of the normal distribution
FEWEST_GROUPS = 8  # of which resampling says something
RESAMPLES = 2000


def wilson_interval(share: float, count: int) -> Interval:
    """Wilson's 95 % score interval of a share among ``count`` independent samples.

    ``share`` may be the mean over several runs on the same samples.

    Source: Wilson 1927; recommended for small counts by Brown, Cai & DasGupta 2001.
    """
    if count == 0:
        return 0.0, 1.0
    middle = share + Z**2 / (2 * count)
    half = Z * math.sqrt(share * (1 - share) / count + Z**2 / (4 * count**2))
    width = 1 + Z**2 / count
    return max(0.0, (middle - half) / width), min(1.0, (middle + half) / width)


def bootstrap_interval(right: np.ndarray, groups: np.ndarray, seed: int = 0) -> Interval:
    """Percentile bootstrap 95 % interval of the mean of ``right``, drawing whole groups.

    Samples of one group (a person's windows) are alike, so that their number says little: what is drawn again is
    groups.

    Args:
        right: ``(N,)``, 0 … 1.
        groups: ``(N,)``.
        seed: of the draws.
    """
    _, place = np.unique(groups, return_inverse=True)
    sums, counts = np.bincount(place, weights=right), np.bincount(place)
    drawn = np.random.default_rng(seed).integers(0, len(counts), (RESAMPLES, len(counts)))
    means = sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return float(low), float(high)


def share_interval(right: np.ndarray, groups: np.ndarray | None) -> tuple[Interval, str]:
    """Bootstrap over groups where there are eight or more, else Wilson's; and which (``groups`` or ``samples``)."""
    if groups is not None and len(np.unique(groups)) >= FEWEST_GROUPS:
        return bootstrap_interval(right, groups), "groups"
    return wilson_interval(float(right.mean()) if len(right) else 0.0, len(right)), "samples"
