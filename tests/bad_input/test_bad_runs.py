"""Folders that are no runs, and samples that an encoder cannot take."""

from __future__ import annotations

import json

import numpy as np
import pytest

from sslkit.cli import run
from tests.bad_input.inputs import config_of, put
from tests.conftest import write_signals


@pytest.mark.parametrize("place", ["none", "tiny.yaml", "out", "out/arrays", "out/arrays/random-seed0"])
def test_folders_that_are_no_runs(refused, finished, place):
    folder = finished / place
    assert str(folder) in refused("evaluate", folder, keeps=finished)
    assert str(folder) in refused("embed", folder, finished / "signals.npz", keeps=finished)
    if place != "out":
        assert str(folder) in refused("report", folder, keeps=finished)


RUN_JSONS = ["", "[]", "{", '{"config": 3, "objective": 3, "seed": 0}', '{"config": {"data": []}}', "\0"]


@pytest.mark.parametrize("content", RUN_JSONS)
def test_descriptions_of_runs_that_are_none(refused, finished, spoilt, content):
    folder = spoilt / "arrays" / "byol-seed0"
    (folder / "run.json").write_text(content)
    assert "a run's description" in refused("evaluate", folder)


@pytest.mark.parametrize(
    "change",
    [
        {"shape": [5, 20]},
        {"shape": [-1, 0]},
        {"shape": ["a"]},
        {"shape": 3},
        {"scale": "x"},
        {"modality": []},
    ],
)
def test_cards_that_are_wrong(refused, finished, spoilt, change):
    folder = spoilt / "arrays" / "byol-seed0"
    card = json.loads((folder / "encoder.json").read_text())
    card["sample"].update(change)
    (folder / "encoder.json").write_text(json.dumps(card))
    refused("embed", folder, finished / "signals.npz")


def test_data_that_have_changed_are_not_evaluated(refused, finished, spoilt, tmp_path):
    folder = spoilt / "arrays" / "byol-seed0"
    content = json.loads((folder / "run.json").read_text())
    content["config"]["data"]["path"] = str(write_signals(tmp_path / "other.npz", train=100))
    (folder / "run.json").write_text(json.dumps(content))
    assert "no longer those that the encoder was trained on" in refused("evaluate", folder)
    (tmp_path / "other.npz").unlink()
    assert "there is no such file" in refused("evaluate", folder)


SAMPLES = {
    "other channels": (lambda x: x[:, :2], "takes sensor samples of shape (3, 33)"),
    "other length": (lambda x: x[:, :, :20], "takes sensor samples of shape (3, 33)"),
    "one number": (lambda x: x[0, 0, 0], "has shape (); the encoder takes"),
    "none": (lambda x: x[:0], "is empty"),
    "text": (lambda x: x.astype(str), "numbers are needed"),
    "complex": (lambda x: x + 1j, "numbers are needed"),
    "nan": (put((3, 1, 4), np.nan), "1 of 4752 values are NaN"),
    "objects": (lambda x: np.array([{}]), "holds Python objects"),
}


@pytest.mark.parametrize(("change", "words"), SAMPLES.values(), ids=SAMPLES)
def test_samples_that_cannot_be_embedded(refused, finished, tmp_path, change, words):
    with np.load(finished / "signals.npz") as data:
        np.save(tmp_path / "x.npy", change(data["X_test"]))
    output = ["-o", tmp_path / "features.npz"]
    assert words in refused("embed", finished / "out" / "arrays" / "byol-seed0", tmp_path / "x.npy", *output)
    assert not (tmp_path / "features.npz").exists()


def test_files_that_cannot_be_embedded(refused, finished, tmp_path):
    folder = finished / "out" / "arrays" / "byol-seed0"
    with np.load(finished / "signals.npz") as data:
        x = data["X_test"]
    for arrays, words in (
        (
            {"X_train": x[:, :2]},
            "X_train has shape (48, 2, 33); the encoder takes sensor samples of shape (3, 33)",
        ),
        ({"X_train": x.astype(str)}, "numbers are needed"),
        ({"A": x, "Z": x}, "has no X_train, X_test or X but A, Z"),
    ):
        np.savez(tmp_path / "x.npz", **arrays)
        assert words in refused("embed", folder, tmp_path / "x.npz", "-o", tmp_path / "features.npz")
    (tmp_path / "text.npy").write_bytes(b"text")
    assert "is not a .npy file" in refused("embed", folder, tmp_path / "text.npy")
    assert "there is no such file" in refused("embed", folder, tmp_path / "none.npz")
    (tmp_path / "file").touch()
    (tmp_path / "folder.npz").mkdir()
    for name, words in (("folder.npz", "is a folder"), ("file/below.npz", "cannot be written")):
        assert words in refused("embed", folder, finished / "signals.npz", "-o", tmp_path / name)
    assert ".npz, .csv, .parquet" in refused(
        "embed", folder, finished / "signals.npz", "-o", tmp_path / "f.txt"
    )
    assert "an override is written a.b=c" in refused("embed", folder, finished / "signals.npz", "missing")


def test_pictures_of_another_scale_are_not_embedded(refused, tmp_path):
    """An encoder of uint8 pictures divides by 255: floats in 0…1 would become black in silence."""
    x = np.random.default_rng(0).integers(0, 255, (60, 8, 8), dtype=np.uint8)
    np.savez(tmp_path / "x.npz", X_train=x, y_train=np.arange(60) % 2)
    config = config_of(tmp_path, tmp_path / "x.npz", views=None, backbone={"name": "small-conv", "width": 4})
    assert run(["pretrain", str(config), "--out", str(tmp_path / "run")]) == 0
    np.save(tmp_path / "floats.npy", (x / 255).astype(np.float32))
    np.savez(tmp_path / "floats.npz", X_train=(x / 255)[..., None].astype(np.float32))
    for name in ("floats.npy", "floats.npz"):
        assert "trained on whole numbers" in refused("embed", tmp_path / "run", tmp_path / name)
