"""The study that runs in a moment."""

from __future__ import annotations

import numpy as np
import pytest

from sslkit.cli import run
from sslkit.config import load_study
from sslkit.plugins import load_registry
from sslkit.testing import tiny_study


def test_it_is_the_same_every_time_and_leaves_two_files(tmp_path):
    first, second = (tiny_study(tmp_path / name) for name in ("a", "b"))
    assert sorted(path.name for path in first.parent.iterdir()) == ["signals.npz", "tiny.yaml"]
    with np.load(first.with_name("signals.npz")) as a, np.load(second.with_name("signals.npz")) as b:
        assert set(a) == set(b) == {"X_train", "y_train", "X_test", "y_test", "names"}
        assert all(np.array_equal(a[name], b[name]) for name in a)
    assert first.read_text().replace(str(first.parent), str(second.parent)) == second.read_text()


def test_classes_differ_in_frequency(tmp_path):
    """By the Fourier transform: the strongest period count of a class is the one that the docstring names."""
    with np.load(tiny_study(tmp_path).with_name("signals.npz")) as arrays:
        x, y = arrays["X_train"], arrays["y_train"]
    assert x.shape == (32, 3, 33) and x.dtype == np.float32 and np.bincount(y).tolist() == [16, 16]
    spectrum = np.abs(np.fft.rfft(x)).mean(axis=1)
    for label, periods in ((0, 2), (1, 5)):
        assert (spectrum[y == label].mean(axis=0).argmax()) == periods


def test_the_source_reads_it_with_the_names_of_its_classes(tmp_path):
    registry, _ = load_registry()
    data = registry.build(load_study(tiny_study(tmp_path), [], registry).experiments[0].data).load()
    assert (data.class_names, len(data.train), len(data.test)) == (("slow", "fast"), 32, 16)


def test_a_folder_that_is_not_there_is_made_and_the_path_does_not_depend_on_where_one_is(
    tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    config = tiny_study("new/folder")
    monkeypatch.chdir(tmp_path.parent)
    study = load_study(config, [], load_registry()[0])
    assert study.experiments[0].data.settings["path"] == str(tmp_path / "new" / "folder" / "signals.npz")


@pytest.mark.parametrize("override", ["objectives=[byol]", "backbone=resnet1d", "views=[{name: scaling}]"])
def test_components_are_exchanged_by_overrides(override, tmp_path):
    assert run(["pretrain", str(tiny_study(tmp_path)), override, "--out", str(tmp_path / "run")]) == 0
