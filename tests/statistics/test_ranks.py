"""Ranks over data sets: Demšar's worked example, what chance alone does, and edges."""

import numpy as np
import pytest
from scipy import stats

from sslkit.errors import SSLKitError
from sslkit.statistics import compare_ranks

DEMSAR = np.array(  # table 6 of the paper: AUC of C4.5, +m, +cf, +m+cf on 14 data sets
    [
        [0.763, 0.768, 0.771, 0.798],
        [0.599, 0.591, 0.590, 0.569],
        [0.954, 0.971, 0.968, 0.967],
        [0.628, 0.661, 0.654, 0.657],
        [0.882, 0.888, 0.886, 0.898],
        [0.936, 0.931, 0.916, 0.931],
        [0.661, 0.668, 0.609, 0.685],
        [0.583, 0.583, 0.563, 0.625],
        [0.775, 0.838, 0.866, 0.875],
        [1.000, 1.000, 1.000, 1.000],
        [0.940, 0.962, 0.965, 0.962],
        [0.619, 0.666, 0.614, 0.669],
        [0.972, 0.981, 0.9751, 0.975],
        [0.957, 0.978, 0.946, 0.970],
    ]
)


def test_demsars_own_example() -> None:
    found = compare_ranks(DEMSAR, ["C4.5", "m", "cf", "m+cf"])
    assert found.ranks == pytest.approx({"m+cf": 1.964, "m": 2.0, "cf": 2.893, "C4.5": 3.143}, abs=0.001)
    assert found.critical_difference == pytest.approx(2.569 * np.sqrt(4 * 5 / (6 * 14)), abs=0.002)
    ties = sum((np.unique(row, return_counts=True)[1] ** 3).sum() - 4 for row in DEMSAR)
    chi2 = 9.28 / (1 - ties / (14 * (4**3 - 4)))  # the paper's, which does not correct for ties
    assert found.p == pytest.approx(stats.chi2.sf(chi2, 3), rel=0.01)
    assert found.n == 14
    assert found.cliques == [("m+cf", "m", "cf", "C4.5")]  # 1.25 would do at 5 %, 1.18 is found


def test_a_clear_order_gives_cliques_of_neighbours() -> None:
    figures = np.array([[0.9, 0.8, 0.7, 0.6]] * 12)
    found = compare_ranks(figures, ["a", "b", "c", "d"])
    assert list(found.ranks.values()) == [1, 2, 3, 4]
    assert found.critical_difference == pytest.approx(1.354, abs=0.002)
    assert found.cliques == [("a", "b"), ("b", "c"), ("c", "d")]
    assert compare_ranks(np.repeat(figures, 20, axis=0), ["a", "b", "c", "d"]).cliques == []


@pytest.mark.parametrize(("sets", "methods"), [(3, 3), (4, 5), (10, 5)])
def test_equal_methods_are_seldom_told_apart(sets: int, methods: int) -> None:
    random = np.random.default_rng(sets)
    names = [str(index) for index in range(methods)]
    found = [compare_ranks(random.normal(size=(sets, methods)), names) for _ in range(500)]
    assert sum(item.cliques != [tuple(item.ranks)] for item in found) <= 0.07 * 500


def test_ties_share_their_rank_and_all_ties_are_no_difference() -> None:
    found = compare_ranks(np.full((3, 3), 0.5), ["a", "b", "c"])
    assert set(found.ranks.values()) == {2.0}
    assert (found.p, found.cliques) == (1.0, [("a", "b", "c")])


@pytest.mark.parametrize("figures", [np.ones((2, 4)), np.ones((4, 2)), np.full((3, 3), np.nan)])
def test_too_little_is_an_error(figures: np.ndarray) -> None:
    with pytest.raises(SSLKitError, match=r"at least 3|NaN"):
        compare_ranks(figures, ["a", "b", "c", "d"][: figures.shape[1]])
