"""Samples to show differ in class and group."""

from __future__ import annotations

import numpy as np

from sslkit.data.samples import ArraySamples
from sslkit.previews.samples import different_samples
from sslkit.types import Part


def part(y: np.ndarray, groups: np.ndarray | None = None) -> Part:
    return Part(ArraySamples(np.zeros((len(y), 2, 8), np.float32)), y, groups)


def test_classes_are_spread_over_all():
    y = np.repeat(np.arange(9), 5)
    assert y[different_samples(part(y), 3)].tolist() == [0, 4, 8]


def test_two_classes_give_two_samples_each_and_none_twice():
    y = np.array([-1, 0, 0, 1, 1, 0])
    found = different_samples(part(y), 4)
    assert sorted(y[found]) == [0, 0, 1, 1] and len(set(found)) == 4


def test_a_class_with_one_sample_is_shown_once():
    found = different_samples(part(np.array([0, 1, 1, 1])), 4)
    assert len(set(found)) == len(found) == 3


def test_groups_differ_where_they_can():
    y, groups = np.tile([0, 1, 2], 6), np.repeat(np.arange(6), 3)
    assert len(set(groups[different_samples(part(y, groups), 3)])) == 3


def test_no_labels_and_fewer_samples_than_wanted():
    assert different_samples(part(np.full(2, -1)), 4).tolist() == [0, 1]
    assert different_samples(part(np.full(100, -1)), 4).tolist() == [0, 33, 66, 99]
