"""Paired differences against scipy; what their intervals really cover, by simulation."""

import math

import numpy as np
import pytest
from scipy import stats

from sslkit.errors import SSLKitError
from sslkit.statistics import Difference, correct, mean_interval, paired_difference


@pytest.mark.parametrize("n", [2, 3, 5, 20])
def test_interval_and_p_agree_with_scipys_paired_test(n: int) -> None:
    first, second = np.random.default_rng(n).uniform(size=(2, n))
    difference = paired_difference(dict(enumerate(first)), dict(enumerate(second)))
    expected = stats.ttest_rel(first, second)
    interval = expected.confidence_interval(0.95)
    assert difference.mean == pytest.approx((first - second).mean())
    assert difference.interval == pytest.approx((interval.low, interval.high))
    assert difference.p == difference.p_corrected == pytest.approx(expected.pvalue)
    assert difference.n == n


def test_many_values_get_scipys_bca_interval() -> None:
    values = np.random.default_rng(0).exponential(size=60)
    seeded = {"random_state": np.random.default_rng(1)}
    expected = stats.bootstrap(
        (values,), np.mean, n_resamples=9999, method="BCa", **seeded
    ).confidence_interval
    assert mean_interval(values) == pytest.approx((expected.low, expected.high), abs=0.02)
    low, high = mean_interval(values)
    assert high - values.mean() > 1.05 * (values.mean() - low)  # it leans with the skew, as t cannot


@pytest.mark.parametrize("n", [3, 5])
def test_t_keeps_its_word_with_few_seeds_and_the_bootstrap_does_not(n: int) -> None:
    samples = np.random.default_rng(n).normal(size=(2000, n))
    intervals = np.array([mean_interval(values) for values in samples])
    resampled = samples[:, np.random.default_rng(0).integers(n, size=(999, n))].mean(axis=2)
    percentiles = np.quantile(resampled, [0.025, 0.975], axis=1).T
    assert 0.935 < coverage(intervals) < 0.965
    assert coverage(percentiles) < 0.88


def test_t_covers_the_difference_of_two_copies_that_fail_at_times() -> None:
    random = np.random.default_rng(0)
    first, second = random.normal(size=(2, 2000, 5)) - 10 * (random.random((2, 2000, 5)) < 0.1)
    assert coverage(np.array([mean_interval(values) for values in first - second])) > 0.95


def coverage(intervals: np.ndarray) -> float:
    """Share of the intervals that hold zero."""
    return float(np.mean((intervals[:, 0] <= 0) & (intervals[:, 1] >= 0)))


def test_pairs_by_seed_whatever_the_order_and_only_common_seeds() -> None:
    difference = paired_difference({2: 0.9, 0: 0.5, 7: 0.1}, {0: 0.4, 2: 0.6, 5: 0.0})
    assert difference.mean == pytest.approx(0.2)
    assert difference.n == 2


def test_one_seed_has_no_interval_and_is_open() -> None:
    assert paired_difference({0: 0.5}, {0: 0.25}) == Difference(0.25, None, 1)
    assert paired_difference({0: 0.5}, {0: 0.25}).outcome == "open"


def test_seeds_that_change_nothing() -> None:
    same = dict.fromkeys(range(3), 0.7)
    assert paired_difference(same, same).outcome == "even"
    assert paired_difference(same, dict.fromkeys(range(3), 0.1 + 0.7)).outcome == "lost"
    assert paired_difference(same, dict.fromkeys(range(3), 0.1)).effect is None


@pytest.mark.parametrize("bad", [{}, {1: 0.5}, {0: float("nan")}])
def test_nothing_to_compare_is_an_error(bad: dict[int, float]) -> None:
    with pytest.raises(SSLKitError, match=r"nothing to compare|NaN"):
        paired_difference({0: 0.5}, bad)


def test_effect_size_is_unbiased_as_hedges_says() -> None:
    random = np.random.default_rng(1)
    zero = dict.fromkeys(range(5), 0.0)
    found = [paired_difference(dict(enumerate(values)), zero) for values in random.normal(1.5, 1, (3000, 5))]
    effects = np.array([item.effect for item in found], dtype=float)
    assert effects.mean() == pytest.approx(1.5, abs=4 * effects.std() / math.sqrt(3000))
    values = random.normal(1, 1, 12)
    exact = values.mean() / values.std(ddof=1) * (1 - 3 / (4 * 11 - 1))
    assert paired_difference(dict(enumerate(values)), dict.fromkeys(range(12), 0.0)).effect == pytest.approx(
        exact, rel=1e-3
    )
    assert paired_difference({0: 0.1, 1: 0.3}, {0: 0.0, 1: 0.1}).effect is None


def test_holm_against_its_definition() -> None:
    ps = [0.04, 0.01, 0.02, None, 0.9, 0.012]
    found = correct([Difference(0.1, (0.05, 0.15), 3, p, p) for p in ps])
    # 5 p-values in order: .01·5, .012·4 (raised to .05), .02·3, .04·2, .9·1
    expected = [0.08, 0.05, 0.06, None, 0.9, 0.05]
    assert [item.p_corrected for item in found] == [None if p is None else pytest.approx(p) for p in expected]
    assert [item.p for item in found] == ps
    assert correct([]) == []


@pytest.mark.parametrize(
    ("interval", "corrected", "outcome"),
    [
        ((0.01, 0.03), 0.04, "won"),
        ((-0.03, -0.01), 0.04, "lost"),
        ((0.01, 0.03), 0.06, "even"),
        ((-0.01, 0.03), 0.04, "even"),
        ((0.0, 0.02), 0.04, "even"),
    ],
)
def test_a_difference_counts_by_interval_and_corrected_p(
    interval: tuple[float, float], corrected: float, outcome: str
) -> None:
    assert Difference(sum(interval) / 2, interval, 3, 0.01, corrected).outcome == outcome
