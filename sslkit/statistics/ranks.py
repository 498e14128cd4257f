"""Many methods on many data sets: mean ranks, and which of them differ (Demšar 2006).

Source: Demšar, Statistical Comparisons of Classifiers over Multiple Data Sets, JMLR 7, section 3.2. Ranks of whole data
sets ask no common scale of them. Nemenyi's test follows Friedman's: pairwise signed-rank tests, the usual
alternative, cannot find anything on fewer than 6 data sets.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from sslkit.errors import SSLKitError
from sslkit.statistics.seeds import CONFIDENCE

FEWEST = 3  # data sets and methods


@dataclass(frozen=True)
class RankComparison:
    """Mean ranks of methods over data sets, 1 the best.

    Attributes:
        ranks: method → mean rank, best first.
        n: data sets.
        p: of Friedman's test that all methods are alike.
        critical_difference: mean ranks further apart than this differ, by Nemenyi's test at 5 %.
        cliques: largest groups of methods, each in order of rank, within which no difference was found.
    """

    ranks: dict[str, float]
    n: int
    p: float
    critical_difference: float
    cliques: list[tuple[str, ...]]


def compare_ranks(figures: np.ndarray, methods: Sequence[str]) -> RankComparison:
    """Friedman's test, and Nemenyi's where it finds a difference.

    Args:
        figures: ``(data sets, methods)`` of which more is better; equal ones share their rank.
        methods: their names.

    Raises:
        SSLKitError: fewer than 3 data sets or methods, or a figure that is not finite.
    """
    from scipy.stats import friedmanchisquare, rankdata

    n, k = figures.shape
    if n < FEWEST or k < FEWEST:
        raise SSLKitError(f"ranks need at least 3 methods on at least 3 data sets, found {k} on {n}.")
    if not np.isfinite(figures).all():
        raise SSLKitError("a result is NaN or infinite: it has no rank.")
    all_ranks = rankdata(-figures, axis=1)
    mean = all_ranks.mean(axis=0)
    alike = bool((all_ranks == all_ranks[:, :1]).all())
    p = 1.0 if alike else float(friedmanchisquare(*figures.T).pvalue)
    critical = _nemenyi(k) * math.sqrt(k * (k + 1) / (6 * n))
    order = np.argsort(mean, kind="stable")
    ranks = {methods[index]: float(mean[index]) for index in order}
    reach = critical if p < 1 - CONFIDENCE else math.inf
    return RankComparison(ranks, n, p, critical, _cliques(ranks, reach))


@cache
def _nemenyi(k: int) -> float:
    """Nemenyi's q for k methods at 5 %: Demšar's table 5."""
    from scipy.stats import studentized_range

    return float(studentized_range.ppf(CONFIDENCE, k, np.inf)) / math.sqrt(2)


def _cliques(ranks: dict[str, float], reach: float) -> list[tuple[str, ...]]:
    names, values = list(ranks), list(ranks.values())
    found: list[tuple[int, int]] = []
    for start, value in enumerate(values):
        end = max(index for index, other in enumerate(values) if other - value <= reach)
        if end > start and (not found or end > found[-1][1]):
            found.append((start, end))
    return [tuple(names[start : end + 1]) for start, end in found]
