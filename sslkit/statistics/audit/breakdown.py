"""A figure taken apart: by class, by group, and what is taken for what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sslkit.statistics.audit.intervals import Interval, share_interval


@dataclass(frozen=True)
class Subgroup:
    """Share of right answers in a class or group of the test part.

    ``interval_by`` says what it takes for independent: whole ``groups``, or ``samples``.
    """

    key: int
    share: float
    count: int
    interval: Interval
    interval_by: str


def rightness(runs: Sequence[np.ndarray], labels: np.ndarray) -> np.ndarray:
    """For each sample the share of runs (seeds) that are right, ``(N,)``; ``runs`` are class scores ``(N, K)``."""
    return np.asarray(np.mean([scores.argmax(axis=1) == labels for scores in runs], axis=0))


def class_subgroups(
    right: np.ndarray, labels: np.ndarray, groups: np.ndarray | None = None
) -> list[Subgroup]:
    """Of every class that the labels have, in order: its recall."""
    return [_subgroup(int(label), right, labels == label, groups) for label in np.unique(labels)]


def group_subgroups(right: np.ndarray, groups: np.ndarray) -> list[Subgroup]:
    """Of every group (subject, machine, site), in order."""
    return [_subgroup(int(group), right, groups == group, None) for group in np.unique(groups)]


def whole_test_part(right: np.ndarray, groups: np.ndarray | None = None) -> Subgroup:
    """Of the whole test part."""
    return _subgroup(-1, right, np.ones(len(right), dtype=bool), groups)


def worst_subgroup(subgroups: Sequence[Subgroup]) -> Subgroup | None:
    """The one with the lowest share; of equals the larger. None of fewer than two."""
    return min(subgroups, key=lambda item: (item.share, -item.count)) if len(subgroups) > 1 else None


def confusion_counts(runs: Sequence[np.ndarray], labels: np.ndarray, n_classes: int) -> np.ndarray:
    """Rows are true classes, columns what was answered: counts ``(K, K)``, the mean over runs."""
    table = np.zeros((n_classes, n_classes))
    for scores in runs:
        np.add.at(table, (labels, scores.argmax(axis=1)), 1)
    return table / len(runs)


def most_confused_classes(table: np.ndarray) -> tuple[int, int, float] | None:
    """The two classes most often taken for each other: true, answered, and the share of the true one's samples."""
    share = table / np.maximum(table.sum(axis=1, keepdims=True), 1)
    np.fill_diagonal(share, 0)
    true, answered = np.unravel_index(share.argmax(), share.shape)
    found = float(share[true, answered])
    return (int(true), int(answered), found) if found > 0 else None


def _subgroup(key: int, right: np.ndarray, within: np.ndarray, groups: np.ndarray | None) -> Subgroup:
    own = right[within]
    found, by = share_interval(own, None if groups is None else groups[within])
    return Subgroup(key, float(own.mean()), len(own), found, by)
