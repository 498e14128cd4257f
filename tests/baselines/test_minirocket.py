"""MiniRocket against aeon by hand; what it cannot take is refused before training."""

from __future__ import annotations

import importlib.util

import numpy as np
import pytest

from sslkit.assembly import Prepared, prepare
from sslkit.config import parse_study
from sslkit.errors import ConfigError
from sslkit.plugins import load_registry
from tests.conftest import tiny

needs_aeon = pytest.mark.skipif(importlib.util.find_spec("aeon") is None, reason="aeon is not installed")


def prepared_with(source: object, **settings) -> Prepared:
    registry, _ = load_registry()
    config = {**tiny(source), **settings, "baselines": [{"name": "minirocket", "kernels": 168}]}
    return prepare(parse_study(config, [], registry).experiments[0], registry)


@needs_aeon
def test_features_are_aeons_on_what_the_front_end_gives(signals):
    from aeon.transformations.collection.convolution_based import MiniRocket as Convolutions

    from sslkit.running.evaluate import parts, rows_of

    prepared = prepared_with(signals)
    (spec,) = prepared.experiment.baselines
    found = prepared.registry.build(spec).run(prepared, 3, lambda *_: None)
    windows = {name: part.x[np.arange(len(part))].numpy() for name, part in parts(prepared).items()}
    mean = windows["train"].mean((0, 2), keepdims=True)
    spread = windows["train"].std((0, 2), keepdims=True)
    windows = {name: ((x - mean) / spread).astype(np.float32) for name, x in windows.items()}
    convolutions = Convolutions(168, random_state=3).fit(windows["train"])
    features = {name: np.asarray(convolutions.transform(x), np.float32) for name, x in windows.items()}
    for ours, other in zip(found, rows_of(prepared, features, 3), strict=True):
        assert ours["value"] == pytest.approx(other["value"], abs=0.05)
    all_labels = [r["value"] for r in found if r["labels_per_class"] == "all" and r["metric"] == "accuracy"]
    assert max(all_labels) > 0.8


@needs_aeon
def test_short_windows_are_refused(tmp_path):
    x = np.random.default_rng(0).normal(size=(60, 2, 8)).astype(np.float32)
    np.savez(tmp_path / "short.npz", X_train=x, y_train=np.arange(60) % 2)
    with pytest.raises(ConfigError, match="windows of 9 samples, these have 8"):
        prepared_with(tmp_path / "short.npz")


@needs_aeon
def test_images_are_refused(tmp_path):
    x = np.random.default_rng(0).integers(0, 255, (60, 12, 12)).astype(np.uint8)
    np.savez(tmp_path / "images.npz", X_train=x, y_train=np.arange(60) % 2)
    with pytest.raises(ConfigError, match="minirocket is for sensor windows"):
        prepared_with(tmp_path / "images.npz", views=None, backbone=None)


def test_without_aeon_the_extra_is_named(signals, monkeypatch):
    monkeypatch.setattr("sslkit.baselines.minirocket.find_spec", lambda name: None)
    with pytest.raises(ConfigError, match=r"sslkit\[aeon\]"):
        prepared_with(signals)
