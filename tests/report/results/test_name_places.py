"""Names of classes on a map."""

from __future__ import annotations

import numpy as np
import pytest

from sslkit.report.results.name_places import name_places


def test_names_of_many_classes_do_not_cover_each_other() -> None:
    random = np.random.default_rng(2)
    y = np.arange(300) % 30
    points = random.normal(size=(300, 2))
    names = [f"class {index}" for index in range(30)]
    places = name_places(points, y, names)
    span = np.ptp(points, axis=0)
    xy = np.array([(x, y) for x, y, _ in places]) / span
    gaps = np.abs(xy[:, None] - xy[None])
    covered = (gaps[..., 0] < 0.1) & (gaps[..., 1] < 0.03) & ~np.eye(30, dtype=bool)
    assert covered.sum() <= 2  # a pair at most
    assert [name for _, _, name in places] == names


def test_a_name_stands_inside_its_cluster_unlike_the_mean() -> None:
    left = np.array([[0.0, 0.0], [0.1, 0.0], [0.0, 0.1], [10.0, 10.0]])  # one sample far away
    right = np.array([[10.0, 0.0], [10.1, 0.0], [10.0, 0.1]])
    points, labels = np.concatenate([left, right]), np.array([0] * 4 + [1] * 3)
    (x0, y0, first), (x1, y1, second) = name_places(points, labels, ["a", "b"])
    assert (first, second) == ("a", "b")
    assert (x0, y0) == pytest.approx((0, 0), abs=0.2) and (x1, y1) == pytest.approx((10, 0), abs=0.2)


def test_long_names_are_cut_and_missing_ones_are_numbers() -> None:
    points = np.array([[0.0, 0.0], [1.0, 1.0], [2.0, 2.0], [3.0, 0.0]])
    found = name_places(points, np.array([0, 1, -1, -1]), ["a name of many letters"])
    assert [name for _, _, name in found] == ["a name of man…", "1"]
    assert name_places(points, np.full(4, -1), []) == []


def test_samples_in_one_place_do_not_break_it() -> None:
    found = name_places(np.zeros((4, 2)), np.array([0, 0, 1, 1]), ["a", "b"])
    assert np.isfinite([place[:2] for place in found]).all()
