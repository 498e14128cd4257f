"""Figures of one method against numpy and scipy."""

import numpy as np
import pytest
from scipy import stats

from sslkit.errors import SSLKitError
from sslkit.statistics import seed_means, summarise


def test_draws_of_a_seed_are_averaged_first() -> None:
    assert seed_means([(1, 0.5), (0, 0.2), (1, 0.7), (0, 0.4), (0, 0.6)]) == pytest.approx({0: 0.4, 1: 0.6})


def test_summary_agrees_with_numpy() -> None:
    values = np.random.default_rng(0).uniform(size=7)
    summary = summarise(dict(enumerate(values)))
    assert (summary.mean, summary.spread) == pytest.approx((values.mean(), stats.tstd(values)))
    assert summary.n == 7
    one = summarise({3: 0.5})
    assert (one.mean, one.spread, one.n) == (0.5, None, 1)


@pytest.mark.parametrize("bad", [{}, {1: float("nan")}, {1: float("inf")}])
def test_nothing_to_average_is_an_error(bad: dict[int, float]) -> None:
    with pytest.raises(SSLKitError, match=r"nothing to compare|NaN"):
        summarise(bad)
