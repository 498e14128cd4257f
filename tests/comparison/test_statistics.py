"""Statistics over seeds against scipy, and sentences that do not claim too much."""

import numpy as np
import pytest
from scipy import stats

from sslkit.comparison.statistics import Difference, by_seed, paired_difference, summarise, verdict
from sslkit.errors import SSLKitError


def test_draws_of_a_seed_are_averaged_first() -> None:
    assert by_seed([(1, 0.5), (0, 0.2), (1, 0.7), (0, 0.4), (0, 0.6)]) == pytest.approx({0: 0.4, 1: 0.6})


def test_summary_agrees_with_numpy() -> None:
    values = np.random.default_rng(0).uniform(size=7)
    summary = summarise(dict(enumerate(values)))
    assert (summary.mean, summary.spread) == pytest.approx((values.mean(), stats.tstd(values)))
    assert summary.n == 7
    one = summarise({3: 0.5})
    assert (one.mean, one.spread, one.n) == (0.5, None, 1)


@pytest.mark.parametrize("n", [2, 3, 5, 20])
def test_interval_agrees_with_scipys_paired_test(n: int) -> None:
    first, second = np.random.default_rng(n).uniform(size=(2, n))
    difference = paired_difference(dict(enumerate(first)), dict(enumerate(second)))
    interval = stats.ttest_rel(first, second).confidence_interval(0.95)
    assert difference.mean == pytest.approx((first - second).mean())
    assert difference.interval == pytest.approx((interval.low, interval.high))
    assert difference.n == n


def test_pairs_by_seed_whatever_the_order_and_only_common_seeds() -> None:
    difference = paired_difference({2: 0.9, 0: 0.5, 7: 0.1}, {0: 0.4, 2: 0.6, 5: 0.0})
    assert difference.mean == pytest.approx(0.2)
    assert difference.n == 2


def test_one_seed_has_no_interval() -> None:
    assert paired_difference({0: 0.5}, {0: 0.25}) == Difference(0.25, None, 1)


@pytest.mark.parametrize("bad", [{}, {1: 0.5}, {0: float("nan")}])
def test_nothing_to_compare_is_an_error(bad: dict[int, float]) -> None:
    with pytest.raises(SSLKitError, match=r"nothing to compare|NaN"):
        paired_difference({0: 0.5}, bad)
    with pytest.raises(SSLKitError):
        summarise({**bad, 9: float("inf")})


@pytest.mark.parametrize(
    ("second", "interval", "sentence"),
    [
        (
            "simclr",
            (0.01, 0.05),
            "byol is better than simclr by 3.0 points (95 % interval +1.0 to +5.0, n = 3).",
        ),
        (
            "simclr",
            (-0.05, -0.01),
            "simclr is better than byol by 3.0 points (byol - simclr: 95 % interval −5.0 to −1.0, n = 3).",
        ),
        (
            "simclr",
            (-0.01, 0.02),
            "byol and simclr are not distinguishable: +0.5 points (95 % interval −1.0 to +2.0, n = 3).",
        ),
        (
            "random",
            (0.01, 0.05),
            "byol is better than the random-init encoder by 3.0 points (95 % interval +1.0 to +5.0, n = 3).",
        ),
        (
            "handcrafted",
            (-0.05, -0.01),
            "byol has no benefit over handcrafted features: it is worse by 3.0 points "
            "(95 % interval −5.0 to −1.0, n = 3).",
        ),
        (
            "random",
            (-0.01, 0.02),
            "byol has no benefit over the random-init encoder that shows: +0.5 points "
            "(95 % interval −1.0 to +2.0, n = 3).",
        ),
        (
            "simclr",
            (0.0, 0.0),
            "byol and simclr are not distinguishable: 0.0 points (95 % interval 0.0 to 0.0, n = 3).",
        ),
    ],
)
def test_sentences(second: str, interval: tuple[float, float], sentence: str) -> None:
    assert verdict("byol", second, Difference(sum(interval) / 2, interval, 3)) == sentence


def test_sentence_of_one_seed_concludes_nothing() -> None:
    said = verdict("byol", "random", Difference(-0.02, None, 1))
    assert said.startswith("byol is 2.0 points below the random-init encoder with one seed (n = 1)")
    assert "nothing concluded" in said
