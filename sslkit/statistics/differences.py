"""Two methods under the same seeds: how far apart they are, how sure that is, and how much of it is luck.

**Interval.** Coverage of nominal 95 % intervals of a mean in 1,000 to 2,000 simulated samples:

======================================  =====  =====  =====  =====  =====
values                                  n = 3      5     10     30     50
======================================  =====  =====  =====  =====  =====
normal, Student t                        .952   .952   .948   .957   .942
normal, percentile bootstrap             .752   .841   .903   .944   .928
normal, BCa bootstrap                    .741   .844   .895   .934   .921
two copies that fail at times, t         .975   .977   .979   .959   .948
two copies that fail at times, BCa       .688   .765   .816   .892   .913
exponential, t                           .877   .893   .901   .924   .943
exponential, BCa                         .654   .813   .884   .921   .944
one of two fails in 1 seed of 10, t      .872   .775   .722   .920   .926
one of two fails in 1 seed of 5, t       .746   .701   .884   .940   .942
======================================  =====  =====  =====  =====  =====

(What fails falls by 10 standard deviations, in one seed of ten where nothing else is said.) With the 3 to 5 seeds of a
comparison a bootstrap has too few values to draw from: of its 95 % intervals one in four misses. The paired difference
of two methods that are alike is symmetric whatever their figures look like, and there the t interval keeps its word or
is wider. It stays the better of the two up to some 50 values; from there on the BCa bootstrap follows skewed values,
such as those of single test samples, and loses little.

Where only one of the two methods fails now and then, such as by a collapsed encoder, no interval of few seeds keeps its
word: as long as no seed has failed, it knows nothing of it. With 5 seeds one interval in four misses the mean that
many seeds would show. The report therefore names collapsed seeds before any difference, and an interval is to be read
as one of the seeds that did not fail.

**p-value.** Of the paired t-test, for the same reason: a signed-rank or sign-flip test of 5 seeds never goes below
.0625.

**Family.** Holm's correction (1979) is made over the differences that are read together: those of one data set's
verdict, or of one column of a table. A difference counts only where its interval leaves zero out *and* its corrected
p-value is below .05. Without a correction for the whole verdict, two copies of one method would be told apart in
one verdict of ten that asks two questions; with it in 4 to 5 of 100, and in 2 to 3 of 100 in either question. A gain
of 5 points is then found, where figures of a method spread by 1 point and nothing of that is shared by the methods,
in 21 of 100 comparisons with 3 seeds, 96 with 5; where half of the variance is shared, in 37 and 100.

Intervals cover the seeds, and the draws of labels within them, of one split. They do not say how another
choice of test samples would turn out.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from sslkit.statistics.seeds import CONFIDENCE, finite_array

Outcome = Literal["won", "lost", "even", "open"]
BOOTSTRAP_FROM = 50  # values; see the table above
RESAMPLES = 4999


@dataclass(frozen=True)
class Difference:
    """Mean paired difference ``first`` - ``second`` over ``n`` seeds.

    Attributes:
        interval: two-sided 95 %; None at n = 1.
        p: of the paired t-test, two-sided; None at n = 1.
        p_corrected: the same after Holm's correction; ``p`` itself for a difference that stands alone.
        effect: Cohen's d_z (mean over standard deviation of the paired differences) with Hedges' correction for small
            n; None below n = 3, and where all seeds differ by the same.
    """

    mean: float
    interval: tuple[float, float] | None
    n: int
    p: float | None = None
    p_corrected: float | None = None
    effect: float | None = None

    @property
    def outcome(self) -> Outcome:
        """``won`` or ``lost`` where it is no chance, ``even`` where it may be, ``open`` with one seed."""
        if self.interval is None or self.p_corrected is None:
            return "open"
        if not self.leaves_zero_out or self.p_corrected >= 1 - CONFIDENCE:
            return "even"
        return "won" if self.mean > 0 else "lost"

    @property
    def leaves_zero_out(self) -> bool:
        """The interval of this difference alone, before any correction, does not span zero."""
        return self.interval is not None and not self.interval[0] <= 0 <= self.interval[1]


def paired_difference(first: Mapping[int, float], second: Mapping[int, float]) -> Difference:
    """``first`` - ``second`` over the seeds that both have.

    Raises:
        SSLKitError: no common seed, or a figure that is not finite.
    """
    from scipy.special import stdtr

    values = finite_array(first[seed] - second[seed] for seed in sorted(first.keys() & second.keys()))
    mean, n = float(values.mean()), len(values)
    if n == 1:
        return Difference(mean, None, n)
    spread = _spread(values)
    if spread == 0:  # the seed changes nothing, as with two encoders that are not trained
        p = 1.0 if mean == 0 else 0.0
        return Difference(mean, (mean, mean), n, p, p)
    p = float(2 * stdtr(n - 1, -abs(mean) * math.sqrt(n) / spread))
    effect = mean / spread * _hedges(n - 1) if n > 2 else None
    return Difference(mean, mean_interval(values), n, p, p, effect)


def mean_interval(values: np.ndarray) -> tuple[float, float]:
    """Two-sided 95 % interval of the mean of independent values: Student's t, or BCa from 50 values on.

    Args:
        values: ``(n,)``, n ≥ 2.
    """
    from scipy.special import stdtrit

    n, mean, spread = len(values), float(values.mean()), _spread(values)
    if n < BOOTSTRAP_FROM or spread == 0:
        half = float(stdtrit(n - 1, (1 + CONFIDENCE) / 2) * spread / math.sqrt(n))
        return mean - half, mean + half
    from scipy.stats import bootstrap

    found = bootstrap(
        (values,),
        np.mean,
        n_resamples=RESAMPLES,
        confidence_level=CONFIDENCE,
        method="BCa",
        random_state=np.random.default_rng(0),
    ).confidence_interval
    return float(found.low), float(found.high)


def correct(family: Sequence[Difference]) -> list[Difference]:
    """Holm's step-down correction of the p-values of differences that answer one question.

    Source: Holm 1979, Scandinavian Journal of Statistics 6(2).
    """
    tested = [index for index, item in enumerate(family) if item.p is not None]
    tested.sort(key=lambda index: family[index].p or 0.0)
    corrected, found = 0.0, list(family)
    for rank, index in enumerate(tested):
        corrected = max(corrected, min(1.0, (len(tested) - rank) * (family[index].p or 0.0)))
        found[index] = replace(family[index], p_corrected=corrected)
    return found


def _spread(values: np.ndarray) -> float:
    """Sample standard deviation, 0 where the values differ by rounding only."""
    spread = float(values.std(ddof=1))
    return 0.0 if spread <= 1e-12 * max(1.0, float(abs(values).max())) else spread


def _hedges(df: int) -> float:
    """J: what d is multiplied by so that it is right on average. Hedges 1981, eq. 6e."""
    return math.exp(math.lgamma(df / 2) - math.lgamma((df - 1) / 2)) / math.sqrt(df / 2)
