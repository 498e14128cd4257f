"""Distances against numpy's, sample by sample."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from sslkit.previews.measures import ViewDistances


def reference(x: np.ndarray, views: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    apart = [
        np.linalg.norm(a - b)
        for a, i in zip(x, y, strict=True)
        for b, j in zip(x, y, strict=True)
        if i != j and i >= 0 and j >= 0
    ]
    moved = np.median([np.linalg.norm(v - a) for v, a in zip(views, x, strict=True)]) / np.median(apart)
    kept = []
    for place in np.flatnonzero(y >= 0):
        distance = {
            other: np.linalg.norm(views[place] - x[other])
            for other in range(len(x))
            if other != place and y[other] >= 0
        }
        kept.append(y[min(distance, key=lambda other: distance[other])] == y[place])
    return float(moved), float(np.mean(kept))


def test_against_loops():
    random = np.random.default_rng(0)
    y = random.integers(-1, 3, 31)
    x = random.normal(size=(31, 2, 5)) + y[:, None, None]
    views = x + random.normal(size=x.shape)
    measured = ViewDistances(torch.from_numpy(x).float(), y)(torch.from_numpy(views).float())
    moved, kept = reference(x.reshape(31, -1), views.reshape(31, -1), y)
    assert measured.moved == pytest.approx(moved, rel=1e-5)
    assert measured.kept == pytest.approx(kept)
    assert 0 < kept < 1


def test_unlabelled_samples_have_no_share_kept():
    x = torch.tensor([[0.0], [2.0], [4.0]])
    measured = ViewDistances(x, np.full(3, -1))(x + 1)
    assert measured.kept is None
    assert measured.moved == pytest.approx(0.5)  # distances 2, 2, 4, each twice


def test_missing_values_count_as_zero():
    x = torch.tensor([[1.0, float("nan")], [3.0, 0.0]])
    assert ViewDistances(x, np.array([0, 1]))(x).moved == 0


def test_equal_samples_have_no_unit():
    x = torch.zeros(4, 3)
    assert np.isnan(ViewDistances(x, np.array([0, 0, 1, 1]))(x + 1).moved)
