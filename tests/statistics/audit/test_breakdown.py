"""Shares by class and group, and confusion, against scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import confusion_matrix, recall_score

from sslkit.statistics.audit import breakdown


@pytest.fixture
def runs() -> tuple[list[np.ndarray], np.ndarray, np.ndarray]:
    random = np.random.default_rng(0)
    labels = random.integers(0, 4, 300)
    scores = [random.uniform(size=(300, 4)) + 0.5 * np.eye(4)[labels] for _ in range(3)]
    return scores, labels, random.integers(10, 15, 300)


def test_by_class_is_recall(runs) -> None:
    scores, labels, _ = runs
    found = breakdown.class_subgroups(breakdown.rightness(scores, labels), labels)
    expected = np.mean([recall_score(labels, s.argmax(1), average=None) for s in scores], axis=0)
    assert [item.share for item in found] == pytest.approx(expected)
    assert [item.count for item in found] == np.bincount(labels).tolist()


def test_by_group_and_worst(runs) -> None:
    scores, labels, groups = runs
    right = breakdown.rightness(scores, labels)
    right[groups == 12] = 0
    found = breakdown.group_subgroups(right, groups)
    assert [item.key for item in found] == [10, 11, 12, 13, 14]
    lowest = breakdown.worst_subgroup(found)
    assert lowest is not None and (lowest.key, lowest.share, lowest.interval[0]) == (12, 0.0, 0.0)
    assert breakdown.worst_subgroup(found[:1]) is None


def test_confusion_is_scikit_learns(runs) -> None:
    scores, labels, _ = runs
    expected = np.mean([confusion_matrix(labels, s.argmax(1), labels=range(5)) for s in scores], axis=0)
    np.testing.assert_allclose(breakdown.confusion_counts(scores, labels, 5), expected)


def test_most_confused() -> None:
    table = np.array([[8.0, 2, 0], [0, 5, 5], [0, 0, 0]])
    assert breakdown.most_confused_classes(table) == (1, 2, 0.5)
    assert breakdown.most_confused_classes(np.eye(3)) is None


def test_the_whole_test_part_says_what_its_interval_is_of(runs) -> None:
    scores, labels, _ = runs
    right = breakdown.rightness(scores, labels)
    whole = breakdown.whole_test_part(right)
    assert (whole.key, whole.count, whole.interval_by) == (-1, 300, "samples")
    assert whole.share == pytest.approx(np.mean([(s.argmax(1) == labels).mean() for s in scores]))
    assert breakdown.whole_test_part(right, np.arange(300) % 9).interval_by == "groups"
