"""Means and intervals at a grid's points against scipy, and axes that few seeds do not rule."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from sslkit.report.grid.points import axis_limits, point_cell, point_figures, point_interval, point_mean
from tests.report.grid.variant_members import ALL, variant


def test_the_interval_of_a_mean() -> None:
    values = [0.7, 0.8, 0.72, 0.75]
    figures = dict(enumerate(values))
    expected = stats.ttest_1samp(values, 0).confidence_interval(0.95)
    assert point_interval(figures) == pytest.approx((expected.low, expected.high))
    assert point_mean(figures) == pytest.approx(np.mean(values))
    assert point_interval({0: 0.1, 1: 0.9}) == (0.0, 1.0)  # no fraction is less, or more
    assert point_interval({0: 0.5}) is None


def test_cells_say_mean_interval_and_seeds() -> None:
    low, high = point_interval({0: 0.7, 1: 0.8, 2: 0.72}) or (0, 0)
    cell = point_cell({0: 0.7, 1: 0.8, 2: 0.72})
    assert (cell.text, cell.range, cell.n) == ("74.0", f"{100 * low:.1f} … {100 * high:.1f}", 3)
    assert float(cell.value) == pytest.approx(0.74)
    assert point_cell({4: 0.5}).range == "one seed"
    assert point_cell({}).text == ""


def test_a_point_without_a_member_has_no_figures() -> None:
    member = variant("1", {"x": 1}, {"byol": [0.5, 0.6]})
    assert point_figures(member, "byol", ALL) == {0: 0.5, 1: 0.6}
    assert point_figures(member, "simclr", ALL) == {}
    assert point_figures(None, "byol", ALL) == {}


def test_intervals_of_two_seeds_do_not_rule_the_axis() -> None:
    low, high, off = axis_limits([0.7, 0.72], [(0.0, 1.0), (0.1, 1.0)])
    assert 60 < low < 70 and 72 < high < 80 and off
    low, high, off = axis_limits([0.5, 0.9], [(0.48, 0.52), (0.85, 0.95)])
    assert low < 48 and high > 95 and not off
    low, high, off = axis_limits([0.5], [None])
    assert low < 50 < high and not off
