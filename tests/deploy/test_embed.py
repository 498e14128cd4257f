"""New samples from files of every kind."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
import torch
from PIL import Image

from sslkit.deploy.embed import embed_files
from sslkit.errors import SSLKitError
from sslkit.plugins import load_registry
from tests.deploy.encoders import SPECS, features_of, raw_samples, write_run

ARRAYS = {"name": "arrays", "path": "gone.npz"}
CLOSE: dict[str, Any] = {"rtol": 1e-5, "atol": 1e-5}


def embedded(run: Path, data: Path, batch_size: int = 4) -> dict[str, np.ndarray]:
    return embed_files(run, data, load_registry()[0], batch_size)


def refusal(run: Path, data: Path) -> str:
    with pytest.raises(SSLKitError) as caught:
        embedded(run, data)
    return str(caught.value)


def saved(path: Path, array: np.ndarray) -> Path:
    np.save(path, array)
    return path


# One array ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", SPECS)
def test_an_array_has_features_of_that_name_in_its_order(kind, tmp_path):
    encoder = write_run(tmp_path / "run", kind, ARRAYS)
    raw = raw_samples(encoder.spec, 10)
    found = embedded(tmp_path / "run", saved(tmp_path / "x.npy", raw.numpy()))
    assert list(found) == ["features"] and found["features"].dtype == np.float32
    np.testing.assert_allclose(found["features"], features_of(encoder, raw).numpy(), **CLOSE)


@pytest.mark.parametrize("batch_size", [1, 7, 10, 1000])
def test_the_batch_size_changes_nothing(batch_size, tmp_path):
    encoder = write_run(tmp_path / "run", "sensor", ARRAYS)
    path = saved(tmp_path / "x.npy", raw_samples(encoder.spec, 10).numpy())
    found = embedded(tmp_path / "run", path, batch_size)["features"]
    np.testing.assert_allclose(found, embedded(tmp_path / "run", path)["features"], **CLOSE)


@pytest.mark.parametrize("batch_size", [0, -1])
def test_a_batch_of_nothing_is_refused(batch_size, tmp_path):
    write_run(tmp_path / "run", "sensor", ARRAYS)
    with pytest.raises(SSLKitError, match="batch_size: at least 1"):
        embedded(tmp_path / "run", tmp_path / "x.npy", batch_size)


@pytest.mark.parametrize("layout", ["grey without an axis", "grey last", "colours last"])
def test_pictures_are_taken_as_programs_store_them(layout, tmp_path):
    encoder = write_run(tmp_path / "run", "image" if layout == "colours last" else "grey", ARRAYS)
    raw = raw_samples(encoder.spec, 5)
    stored = raw.numpy()[:, 0] if layout == "grey without an axis" else raw.numpy().transpose(0, 2, 3, 1)
    found = embedded(tmp_path / "run", saved(tmp_path / "x.npy", stored))
    np.testing.assert_allclose(found["features"], features_of(encoder, raw).numpy(), **CLOSE)


@pytest.mark.parametrize("dtype", [">f4", "<f8", ">f8", "f2", np.longdouble, "i2", ">i4", "u2"])
def test_windows_of_any_type_of_number_and_byte_order(dtype, tmp_path):
    encoder = write_run(tmp_path / "run", "sensor", ARRAYS)
    raw = np.random.default_rng(0).integers(0, 9, (5, 3, 33))  # numbers that every type holds
    found = embedded(tmp_path / "run", saved(tmp_path / "x.npy", raw.astype(dtype)))
    expected = features_of(encoder, torch.from_numpy(raw.astype(np.float32)))
    np.testing.assert_allclose(found["features"], expected.numpy(), **CLOSE)


def test_an_array_in_columns_is_taken_too(tmp_path):
    encoder = write_run(tmp_path / "run", "sensor", ARRAYS)
    raw = raw_samples(encoder.spec, 5)
    found = embedded(tmp_path / "run", saved(tmp_path / "x.npy", np.asfortranarray(raw.numpy())))
    np.testing.assert_allclose(found["features"], features_of(encoder, raw).numpy(), **CLOSE)


@pytest.mark.parametrize("lost", [np.nan, np.inf, -np.inf])
def test_gaps_are_for_encoders_that_know_them(lost, tmp_path):
    encoder = write_run(tmp_path / "gaps", "gaps", ARRAYS)
    write_run(tmp_path / "whole", "sensor", ARRAYS)
    raw = raw_samples(encoder.spec, 5).numpy()
    raw[2, 1, 4:8] = lost
    path = saved(tmp_path / "x.npy", raw)
    assert "4 of 495 values are NaN, Inf" in refusal(tmp_path / "whole", path)
    raw[2, 1, 4:8] = np.nan
    expected = features_of(encoder, torch.from_numpy(raw)).numpy()
    np.testing.assert_allclose(embedded(tmp_path / "gaps", path)["features"], expected, **CLOSE)


@pytest.mark.parametrize(
    ("array", "words"),
    [
        (np.zeros((5, 3, 32), np.float32), "takes sensor samples of shape (3, 33)"),
        (np.zeros((3, 33), np.float32), "takes sensor samples of shape (3, 33)"),
        (np.zeros((5, 33, 3), np.float32), "takes sensor samples of shape (3, 33)"),
        (np.zeros(99, np.float32), "holds float32 of shape (99,)"),
        (np.zeros((0, 3, 33), np.float32), "is empty"),
        (np.zeros((5, 3, 33), bool), "holds bool"),
        (np.zeros((5, 3, 33), complex), "holds complex128"),
        (np.full((5, 3, 33), "a"), "samples of numbers are needed"),
        (np.full((5, 3, 33), None), "not a readable .npy file of numbers"),
    ],
)
def test_arrays_that_it_does_not_take(array, words, tmp_path):
    write_run(tmp_path / "run", "sensor", ARRAYS)
    assert words in refusal(tmp_path / "run", saved(tmp_path / "x.npy", array))


@pytest.mark.parametrize("content", [b"", b"text", b"\x93NUMPY\x01\x00"])
def test_files_that_are_no_arrays(content, tmp_path):
    write_run(tmp_path / "run", "sensor", ARRAYS)
    (tmp_path / "x.npy").write_bytes(content)
    assert f"{tmp_path / 'x.npy'}: not a readable .npy file" in refusal(tmp_path / "run", tmp_path / "x.npy")


@pytest.mark.parametrize("kind", ["image", "audio"])
def test_floats_are_not_taken_for_whole_numbers(kind, tmp_path):
    """The encoder would divide them once more, and see black and silence."""
    write_run(tmp_path / "run", kind, ARRAYS)
    path = saved(tmp_path / "x.npy", np.zeros((5, *SPECS[kind].shape), np.float32))
    words = "its samples are floats; the encoder was trained on whole numbers. Store them alike."
    assert refusal(tmp_path / "run", path) == f"{path}: {words}"


# Arrays with labels ------------------------------------------------------------------------------------------------


def test_named_arrays_keep_their_parts_labels_and_classes(tmp_path):
    encoder = write_run(tmp_path / "run", "sensor", {**ARRAYS, "rate_hz": 50.0})
    train, test = raw_samples(encoder.spec, 6), raw_samples(encoder.spec, 4, seed=9)
    labels = {"y_train": np.array(["walk", "run", "", "run", "walk", "run"]), "y_test": ["run"] * 4}
    np.savez(tmp_path / "x.npz", X_train=train.numpy(), X_test=test.numpy(), **labels)
    found = embedded(tmp_path / "run", tmp_path / "x.npz")
    assert list(found) == ["class_names", "features_train", "y_train", "features_test", "y_test"]
    np.testing.assert_allclose(found["features_train"], features_of(encoder, train).numpy(), **CLOSE)
    np.testing.assert_allclose(found["features_test"], features_of(encoder, test).numpy(), **CLOSE)
    names = [found["class_names"][y] if y >= 0 else "" for y in found["y_train"]]
    assert names == labels["y_train"].tolist()
    assert found["class_names"][found["y_test"]].tolist() == labels["y_test"]


def test_arrays_without_labels_and_without_a_test_part(tmp_path):
    encoder = write_run(tmp_path / "run", "sensor", {**ARRAYS, "rate_hz": 50.0})
    np.savez(tmp_path / "x.npz", X_train=raw_samples(encoder.spec, 6).numpy())
    found = embedded(tmp_path / "run", tmp_path / "x.npz")
    assert list(found) == ["class_names", "features_train", "y_train"]
    assert found["y_train"].tolist() == [-1] * 6 and len(found["class_names"]) == 0


def test_a_folder_of_arrays(tmp_path):
    encoder = write_run(tmp_path / "run", "sensor", {**ARRAYS, "rate_hz": 50.0})
    raw = raw_samples(encoder.spec, 6)
    (tmp_path / "arrays").mkdir()
    saved(tmp_path / "arrays" / "X_train.npy", raw.numpy())
    saved(tmp_path / "arrays" / "y_train.npy", np.arange(6) % 2)
    found = embedded(tmp_path / "run", tmp_path / "arrays")
    np.testing.assert_allclose(found["features_train"], features_of(encoder, raw).numpy(), **CLOSE)
    assert found["y_train"].tolist() == [0, 1] * 3


@pytest.mark.parametrize("kind", ["image", "audio", "gaps"])
def test_named_arrays_serve_runs_of_other_sources(kind, tmp_path):
    """What the array cannot say (the kind of data, its rate, that it may have gaps) is the encoder's."""
    encoder = write_run(tmp_path / "run", kind, {"name": "watch"})
    raw = raw_samples(encoder.spec, 6)
    if kind == "gaps":
        raw[0, 0, 3] = torch.nan
    stored = raw.numpy().transpose(0, 2, 3, 1) if kind == "image" else raw.numpy()
    np.savez(tmp_path / "x.npz", X_train=stored)
    found = embedded(tmp_path / "run", tmp_path / "x.npz")
    np.testing.assert_allclose(found["features_train"], features_of(encoder, raw).numpy(), **CLOSE)


def test_what_the_encoder_was_not_trained_on_is_refused(tmp_path):
    run, path = tmp_path / "run", tmp_path / "x.npz"
    x = raw_samples(SPECS["sensor"], 6).numpy()
    write_run(run, "sensor", {**ARRAYS, "rate_hz": 50.0})
    np.savez(path, X_train=x[:, :2])
    assert f"sensor samples of shape (2, 33); the encoder of {run} takes sensor of shape (3, 33)" in refusal(
        run, path
    )
    np.savez(path, X_train=x.astype(np.uint8)[..., None], modality="image")
    assert "image samples of shape" in refusal(run, path)
    write_run(run, "sensor", ARRAYS)
    np.savez(path, X_train=x, rate_hz=25.0)
    assert f"25.0 Hz; the encoder of {run} takes 50.0 Hz" in refusal(run, path)
    write_run(run, "image", ARRAYS)
    np.savez(path, X_train=np.zeros((6, 16, 12, 3), np.float32), y_train=np.arange(6) % 2)
    assert "its samples are floats; the encoder was trained on whole numbers" in refusal(run, path)


def test_a_run_of_a_set_without_files_says_what_it_takes(tmp_path):
    write_run(tmp_path / "run", "sensor", {"name": "watch"})
    assert "give a .npy or .npz file; the run's data source 'watch' reads no files" in refusal(
        tmp_path / "run", tmp_path / "folder"
    )


def test_a_source_that_is_not_here_any_more(tmp_path):
    write_run(tmp_path / "run", "sensor", {"name": "dreamt", "path": "x"})
    assert "there is no data 'dreamt'" in refusal(tmp_path / "run", tmp_path / "x.npz")


# Files as the run's own source reads them --------------------------------------------------------------------------


def test_a_folder_of_pictures(tmp_path):
    encoder = write_run(tmp_path / "run", "image", {"name": "image_folder", "path": "gone"})
    raw = raw_samples(encoder.spec, 4).numpy()
    for number, picture in enumerate(raw):
        path = tmp_path / "new" / ("cat" if number % 2 else "bird") / f"{number}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(picture.transpose(1, 2, 0)).save(path)
    found = embedded(tmp_path / "run", tmp_path / "new")
    order = [0, 2, 1, 3]  # birds come before cats
    assert found["class_names"].tolist() == ["bird", "cat"] and found["y_train"].tolist() == [0, 0, 1, 1]
    expected = features_of(encoder, torch.from_numpy(raw[order])).numpy()
    np.testing.assert_allclose(found["features_train"], expected, **CLOSE)


def test_a_folder_of_sounds(tmp_path):
    source = {"name": "audio_folder", "path": "gone", "rate_hz": 16_000, "seconds": 0.1}
    encoder = write_run(tmp_path / "run", "sound file", source)
    raw = raw_samples(encoder.spec, 3).numpy()
    for number, sound in enumerate(raw):
        path = tmp_path / "new" / "word" / f"{number}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(path, sound, 16_000, subtype="PCM_16")
    found = embedded(tmp_path / "run", tmp_path / "new")
    assert found["class_names"].tolist() == ["word"] and found["y_train"].tolist() == [0, 0, 0]
    expected = features_of(encoder, torch.from_numpy(raw)).numpy()
    np.testing.assert_allclose(found["features_train"], expected, rtol=1e-3, atol=1e-3)


def test_a_table_of_sensors(tmp_path):
    source = {
        "name": "sensor_table",
        "path": "gone.csv",
        "channels": ["x", "y", "z"],
        "length": 33,
        "stride": 33,
    }
    encoder = write_run(tmp_path / "run", "sensor", {**source, "rate_hz": 50.0})
    signal = np.random.default_rng(0).normal(3, 2, (99, 3)).round(3)
    with (tmp_path / "new.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["x", "y", "z"], *signal.tolist()])
    found = embedded(tmp_path / "run", tmp_path / "new.csv")
    windows = signal.reshape(3, 33, 3).transpose(0, 2, 1).astype(np.float32)
    expected = features_of(encoder, torch.from_numpy(windows)).numpy()
    np.testing.assert_allclose(found["features_train"], expected, **CLOSE)
    assert found["y_train"].tolist() == [-1, -1, -1]


def test_files_that_are_not_there(tmp_path):
    write_run(tmp_path / "run", "image", {"name": "image_folder", "path": "gone"})
    for name in ("none", "none.npz", "none.npy"):
        assert str(tmp_path / name) in refusal(tmp_path / "run", tmp_path / name)
