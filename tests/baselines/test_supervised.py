"""Supervised from scratch: the labels of the probes, the better variant on validation, and no test labels."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from sslkit.baselines import supervised
from sslkit.baselines.supervised import Supervised
from sslkit.build import Prepared, prepare
from sslkit.config import parse_study
from sslkit.evaluation.labels import draw_labels
from sslkit.plugins import load_registry
from tests.conftest import tiny


@pytest.fixture
def prepared(signals) -> Prepared:
    registry, _ = load_registry()
    return prepare(parse_study(tiny(signals), [], registry).experiments[0], registry)


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
    """Every label that reaches a loss is of the draw that the probes get too."""
    seen: list[np.ndarray] = []
    batches = Supervised._batches

    def spy(self, prepared, part, index, *rest):
        seen.append(index)
        return batches(self, prepared, part, index, *rest)

    monkeypatch.setattr(Supervised, "_batches", spy)
    rows(prepared)
    y = prepared.splits.train.y
    expected = [
        draw_labels(y, budget, draw, 0) for budget, draw in ((3, 0), (3, 1), ("all", 0)) for _ in range(2)
    ]
    assert all(np.array_equal(a, b) for a, b in zip(seen, expected, strict=True))


def test_test_labels_choose_nothing(prepared):
    """With the test labels turned round every figure turns round: the same networks were chosen."""
    splits = prepared.splits
    turned = dataclasses.replace(splits, test=dataclasses.replace(splits.test, y=1 - splits.test.y))
    honest = rows(prepared)
    prepared.splits = turned
    for one, other in zip(honest, rows(prepared), strict=True):
        assert one["value"] == pytest.approx(1 - other["value"])


def test_the_better_variant_on_validation_is_reported(prepared, monkeypatch):
    fits = iter(
        [supervised._Fit(0.4, np.eye(2)[[0] * 48]), supervised._Fit(0.9, np.eye(2)[prepared.splits.test.y])]
        * 3
    )
    monkeypatch.setattr(Supervised, "_fit", lambda self, *_: next(fits))
    assert all(row["value"] == 1 for row in rows(prepared))
