"""Handcrafted features are the modality's on decoded samples, judged as an encoder's features are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sslkit.assembly import Prepared, prepare
from sslkit.baselines.handcrafted import Handcrafted
from sslkit.config import parse_study
from sslkit.plugins import load_registry
from sslkit.types import Part
from tests.conftest import tiny


def whole_part(prepared: Prepared, part: Part) -> np.ndarray:
    """Features of all samples at once."""
    spec = prepared.dataset.spec
    return prepared.modality.handcrafted(spec.decode(part.x[np.arange(len(part))]), spec).numpy()


def statistics(window: np.ndarray) -> list[float]:
    """A channel's first four features, from their definitions."""
    return [window.mean(), window.std(), window.min(), window.max()]


@pytest.mark.parametrize("size", [1, 7, 48, 256])
def test_pieces_of_any_size_give_the_features_of_the_whole(prepared: Prepared, size: int) -> None:
    test = prepared.splits.test
    found = Handcrafted()._features(prepared, test, size)
    assert found.dtype == np.float32 and found.shape[0] == len(test)
    np.testing.assert_allclose(found, whole_part(prepared, test), rtol=1e-5, atol=1e-5)


def test_features_are_of_decoded_samples_in_natural_units(tmp_path: Path) -> None:
    """Stored as int16, so that decoding shows; the front end, which standardises, has no part in it."""
    random, arrays = np.random.default_rng(0), {}
    for part, count in (("train", 40), ("test", 20)):
        y = np.arange(count) % 2
        x = (random.normal(size=(count, 2, 30)) * (1000 + 3000 * y[:, None, None])).astype(np.int16)
        arrays |= {f"X_{part}": x, f"y_{part}": y}
    np.savez(tmp_path / "data.npz", **arrays)
    registry, _ = load_registry()
    experiment = parse_study(tiny(tmp_path / "data.npz"), [], registry).experiments[0]
    prepared = prepare(experiment, registry)
    found = Handcrafted()._features(prepared, prepared.splits.test)
    raw = prepared.splits.test.x[np.arange(20)].numpy().astype(np.float64) * prepared.dataset.spec.scale
    per_channel = found.reshape(20, 2, -1)[:, :, :4]
    expected = [[statistics(channel) for channel in window] for window in raw]
    np.testing.assert_allclose(per_channel, expected, rtol=1e-4, atol=1e-6)


def test_rows_are_those_of_every_evaluator_budget_and_draw(prepared: Prepared) -> None:
    said: list[tuple[int, int, str]] = []
    rows = Handcrafted().run(prepared, 0, lambda *words: said.append(words))
    keys = {(row["evaluator"], row["labels_per_class"], row["draw"], row["metric"]) for row in rows}
    draws = [(3, 0), (3, 1), ("all", 0)]
    assert keys == {
        (evaluator, *draw, metric)
        for evaluator in ("linear", "knn")
        for draw in draws
        for metric in ("accuracy", "balanced_accuracy")
    }
    assert len(rows) == len(keys) and said == [(0, 1, "evaluating")]


def test_two_frequencies_are_told_apart_by_their_spectrum(prepared: Prepared) -> None:
    rows = Handcrafted().run(prepared, 0, lambda *_: None)
    (best,) = [
        row["value"]
        for row in rows
        if row["evaluator"] == "linear" and row["labels_per_class"] == "all" and row["metric"] == "accuracy"
    ]
    assert best > 0.9


def test_the_figure_is_that_of_a_probe_fitted_by_hand(prepared: Prepared) -> None:
    """Nearest neighbours, from scratch: the vote of the 20 with the highest cosine."""
    train, test = prepared.splits.train, prepared.splits.test
    unit = [
        x / np.linalg.norm(x, axis=1, keepdims=True)
        for x in (whole_part(prepared, train), whole_part(prepared, test))
    ]
    similarity = unit[1] @ unit[0].T
    predicted = []
    for row in similarity:
        nearest = np.argsort(-row, kind="stable")[:20]
        votes = np.bincount(train.y[nearest], weights=np.exp(row[nearest] / 0.07), minlength=2)
        predicted.append(votes.argmax())
    rows = Handcrafted().run(prepared, 0, lambda *_: None)
    (figure,) = [
        row["value"]
        for row in rows
        if row["evaluator"] == "knn" and row["labels_per_class"] == "all" and row["metric"] == "accuracy"
    ]
    assert figure == pytest.approx(np.mean(np.array(predicted) == test.y))


def test_no_part_of_a_config_but_the_data_is_read(prepared: Prepared, signals: Path) -> None:
    """What ``reads`` promises a grid: with another backbone, front end and views the rows are the same."""
    assert Handcrafted.reads == ()
    registry, _ = load_registry()
    other = tiny(signals, backbone="transformer1d", frontend="scale", views=["negate"], budget={"steps": 3})
    changed = prepare(parse_study(other, [], registry).experiments[0], registry)
    first, second = (Handcrafted().run(one, 0, lambda *_: None) for one in (prepared, changed))
    assert first == second
