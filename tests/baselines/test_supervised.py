"""Supervised from scratch: the labels of the probes, the better variant on validation, and no test labels."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from sslkit.baselines import supervised
from sslkit.baselines.supervised import Supervised
from sslkit.errors import SSLKitError
from sslkit.evaluation.labels import draw_labels
from sslkit.finetuning.label_training import Fit, fit


def rows(prepared, **settings):
    return Supervised(**{"steps": 30, "few_label_steps": 20, "checks": 3, **settings}).run(
        prepared, 0, lambda *_: None
    )


def test_learns_and_is_deterministic(prepared):
    found = rows(prepared)
    assert found == rows(prepared)
    best = [row["value"] for row in found if row["labels_per_class"] == "all" and row["metric"] == "accuracy"]
    assert best[0] > 0.8  # two frequencies of sine: easy


def test_fits_only_the_drawn_labels(prepared, monkeypatch):
    """Every label that is trained on is of the draw that the probes get too."""
    seen: list[np.ndarray] = []

    def spy(task, how, tell):
        seen.append(task.train.x._indices)
        assert (task.train.y == prepared.splits.train.y[draw_of(len(seen))]).all()
        return fit(task, how, tell)

    def draw_of(number: int) -> np.ndarray:
        budget, draw = [(3, 0), (3, 1), ("all", 0)][(number - 1) // 2]
        return draw_labels(prepared.splits.train.y, budget, draw, 0)

    monkeypatch.setattr(supervised, "fit", spy)
    rows(prepared)
    assert len(seen) == 6


def test_test_labels_choose_nothing(prepared):
    """With the test labels turned round every figure turns round: the same networks were chosen."""
    splits = prepared.splits
    turned = dataclasses.replace(splits, test=dataclasses.replace(splits.test, y=1 - splits.test.y))
    honest = rows(prepared)
    prepared.splits = turned
    for one, other in zip(honest, rows(prepared), strict=True):
        assert one["value"] == pytest.approx(1 - other["value"])


def test_the_better_variant_on_validation_is_reported(prepared, monkeypatch):
    """The second of two learning rates, plain, is the best; every figure is its."""
    n = len(prepared.splits.test.y)
    good, bad = np.eye(2)[prepared.splits.test.y], np.eye(2)[[0] * n]

    def fake(task, how, tell):
        chosen = how.learning_rate == 0.02 and not how.augmented
        return Fit(0.9, good) if chosen else Fit(0.4, bad)

    monkeypatch.setattr(supervised, "fit", fake)
    assert all(row["value"] == 1 for row in rows(prepared, learning_rate=(0.01, 0.02)))


def test_no_learning_rate():
    with pytest.raises(SSLKitError, match="supervised: 'learning_rate' is empty"):
        Supervised(learning_rate=())
