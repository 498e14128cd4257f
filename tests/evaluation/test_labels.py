"""Draws of labels: how many, which, and the same for everyone."""

from itertools import pairwise

import numpy as np
import pytest

from sslkit.errors import SSLKitError
from sslkit.evaluation.labels import check_label_draws, draw_labels, mean_labels, most_labels

Y = np.random.default_rng(0).choice([-1, 0, 1, 2], 300, p=[0.4, 0.3, 0.28, 0.02])


def test_takes_k_of_each_class_or_what_is_there_and_nothing_unlabelled() -> None:
    drawn = Y[draw_labels(Y, 10, 0, seed=0)]
    assert len(Y[Y == 2]) < 10
    np.testing.assert_array_equal(np.unique(drawn, return_counts=True)[1], [10, 10, (Y == 2).sum()])
    assert drawn.min() == 0


def test_indices_are_sorted_and_distinct() -> None:
    drawn = draw_labels(Y, 10, 0, seed=0)
    assert (np.diff(drawn) > 0).all()


def test_all_takes_every_label() -> None:
    np.testing.assert_array_equal(draw_labels(Y, "all", 3, seed=5), np.flatnonzero(Y != -1))


def test_same_arguments_same_draw_others_differ() -> None:
    first = draw_labels(Y, 10, 0, seed=0)
    np.testing.assert_array_equal(first, draw_labels(Y.copy(), 10, 0, seed=0))
    assert not np.array_equal(first, draw_labels(Y, 10, 1, seed=0))
    assert not np.array_equal(first, draw_labels(Y, 10, 0, seed=1))


def test_smaller_budget_is_part_of_a_larger() -> None:
    assert set(draw_labels(Y, 5, 2, seed=0)) < set(draw_labels(Y, 50, 2, seed=0))


def test_every_sample_can_be_drawn() -> None:
    seen = np.concatenate([draw_labels(Y, 10, draw, seed=0) for draw in range(200)])
    assert set(seen) == set(np.flatnonzero(Y >= 0))


def test_bad_input() -> None:
    with pytest.raises(SSLKitError, match="training part has no labelled sample of classes 3, 5"):
        draw_labels(Y, 5, 0, seed=0, classes=[0, 3, 5])
    with pytest.raises(SSLKitError, match="test part has no labels"):
        draw_labels(np.full(4, -1), "all", 0, seed=0, part="test")
    with pytest.raises(SSLKitError, match="0 is below 1"):
        draw_labels(Y, 0, 0, seed=0)


def test_labels_are_checked_for_an_evaluation() -> None:
    good = np.array([0, 1, 1, 2, -1])
    check_label_draws(good, good, good, [1, "all"], 0)
    check_label_draws(good, good[:1], good[:2], [1, "all"], 0)  # validation and test may lack a class
    for train, validation, test, words in (
        (good, good, good * 0 - 1, "the test part has no labels"),
        (good, good * 0 - 1, good, "the validation part has no labels"),
        (good * 0 - 1, good, good, "the training part has no labels"),
        (good[:3], good, good, "the training part has no labelled sample of class 'c'"),
        (good * 0, good, good * 0, r"all labels of the training part are of one class \('a'\)"),
        (good, good, good[:1], r"all labels of the test part are of one class \('a'\)"),
    ):
        with pytest.raises(SSLKitError, match=words):
            check_label_draws(train, validation, test, [1, "all"], 0, names=("a", "b", "c"))


def test_a_share_is_of_each_class_and_at_least_one() -> None:
    y = np.repeat([0, 1, 2, -1], [200, 25, 3, 50])
    counts = lambda budget: np.bincount(y[draw_labels(y, budget, 0, seed=0)]).tolist()  # noqa: E731
    assert counts("10%") == [20, 3, 1]  # 2.5 rounds up, 0.3 is one
    assert counts("1%") == [2, 1, 1]
    assert counts("0.1%") == [1, 1, 1]
    assert counts("100%") == counts("all") == [200, 25, 3]


def test_shares_and_numbers_are_nested_in_each_class() -> None:
    drawn = [draw_labels(Y, budget, 1, seed=4) for budget in (1, "5%", 5, "10%", "50%", "all")]
    for label in range(3):
        by_size = sorted((set(some[Y[some] == label]) for some in drawn), key=len)
        assert all(small <= large for small, large in pairwise(by_size))


@pytest.mark.parametrize("budget", ["some", "0%", "101%", "-1%", "%", "nan%"])
def test_no_budget(budget: str) -> None:
    with pytest.raises(SSLKitError, match="is no budget; give a number"):
        draw_labels(Y, budget, 0, seed=0)


def test_budgets_are_ordered_by_the_labels_that_they_give() -> None:
    y = np.repeat([0, 1], [100, 300])
    counts = np.bincount(y)
    assert [mean_labels(counts, b) for b in (1, "1%", 5, "10%", "all")] == [1, 2, 5, 20, 200]
    assert most_labels([1, "10%", 5], y) == "10%"
    assert most_labels([1, "10%", 50], y) == 50
    assert most_labels(["50%", 500, "all"], y) == "all"


def test_by_group_few_labels_come_from_few_groups() -> None:
    random = np.random.default_rng(1)
    groups, y = random.integers(0, 12, 600), random.integers(0, 3, 600)
    for draw in range(5):
        drawn = draw_labels(y, 10, draw, seed=0, groups=groups)
        assert np.bincount(y[drawn]).tolist() == [10, 10, 10]
        used = np.unique(groups[drawn])
        assert len(used) <= 2 < len(np.unique(groups[draw_labels(y, 10, draw, seed=0)]))
        for label in range(3):  # all groups but the last that a class needed have given all of it
            have = [((y == label) & (groups == group)).sum() for group in used]
            gave = [((y[drawn] == label) & (groups[drawn] == group)).sum() for group in used]
            assert sum(0 < some < all_ for some, all_ in zip(gave, have, strict=True)) <= 1
    first = [set(groups[draw_labels(y, 1, draw, seed=0, groups=groups)]) for draw in range(20)]
    assert all(len(one) == 1 for one in first) and len(set.union(*first)) > 5  # another draw, another group


def test_by_group_a_class_that_a_group_lacks_comes_from_the_next() -> None:
    y, groups = np.array([0, 0, 1, 1]), np.array([7, 7, 9, 9])
    assert np.bincount(y[draw_labels(y, 2, 0, seed=0, groups=groups)]).tolist() == [2, 2]
    for small, large in ((1, 2), ("10%", "60%")):
        assert set(draw_labels(y, small, 0, 0, groups=groups)) <= set(
            draw_labels(y, large, 0, 0, groups=groups)
        )
