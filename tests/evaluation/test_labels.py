"""Draws of labels: how many, which, and the same for everyone."""

import numpy as np
import pytest

from sslkit.errors import SSLKitError
from sslkit.evaluation.labels import check_labels, draw_labels

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
    check_labels(good, good, good, [1, "all"], 0)
    check_labels(good, good[:1], good[:2], [1, "all"], 0)  # validation and test may lack a class
    for train, validation, test, words in (
        (good, good, good * 0 - 1, "the test part has no labels"),
        (good, good * 0 - 1, good, "the validation part has no labels"),
        (good * 0 - 1, good, good, "the training part has no labels"),
        (good[:3], good, good, "the training part has no labelled sample of class 'c'"),
        (good * 0, good, good * 0, r"all labels of the training part are of one class \('a'\)"),
        (good, good, good[:1], r"all labels of the test part are of one class \('a'\)"),
    ):
        with pytest.raises(SSLKitError, match=words):
            check_labels(train, validation, test, [1, "all"], 0, names=("a", "b", "c"))
