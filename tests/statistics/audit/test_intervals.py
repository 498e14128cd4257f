"""Intervals of shares: Wilson's against scipy, whole groups by what they cover."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binomtest

from sslkit.statistics.audit.intervals import bootstrap_interval, share_interval, wilson_interval


@pytest.mark.parametrize(("right", "count"), [(0, 7), (7, 7), (3, 10), (89, 100), (1, 1)])
def test_wilson_is_scipys(right: int, count: int) -> None:
    expected = binomtest(right, count).proportion_ci(method="wilson")
    assert wilson_interval(right / count, count) == pytest.approx((expected.low, expected.high))


def test_nothing_is_known_of_no_sample() -> None:
    assert wilson_interval(0.0, 0) == (0.0, 1.0)


def test_groups_that_are_alike_widen_the_interval() -> None:
    random = np.random.default_rng(0)
    groups = np.repeat(np.arange(12), 50)
    right = (random.uniform(size=12) < 0.6).astype(float)[groups]  # all samples of a group are right, or none
    low, high = bootstrap_interval(right, groups)
    narrow = wilson_interval(float(right.mean()), len(right))
    assert high - low > 3 * (narrow[1] - narrow[0])
    assert low <= right.mean() <= high
    assert bootstrap_interval(right, groups) == (low, high)


def test_bootstrap_by_group_covers() -> None:
    hits = 0
    for seed in range(100):
        random = np.random.default_rng(seed)
        share = random.beta(6, 4, 20)
        groups = np.repeat(np.arange(20), 30)
        low, high = bootstrap_interval((random.uniform(size=600) < share[groups]).astype(float), groups)
        hits += low <= 0.6 <= high
    assert hits >= 86


def test_few_groups_are_not_resampled() -> None:
    right, groups = np.ones(40), np.arange(40) % 4
    assert share_interval(right, groups)[1] == "samples"
    assert share_interval(right, np.arange(40))[1] == "groups"
