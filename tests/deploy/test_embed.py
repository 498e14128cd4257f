"""New samples from files of every kind, whatever the encoder was trained from."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch
from PIL import Image

from tests.deploy.embedding import CLOSE, embedded, refusal, said
from tests.deploy.encoders import Encoder, features_of, raw_samples, write_run

FOLDER = {"name": "image_folder", "path": "gone"}
SOUNDS = {"name": "audio_folder", "path": "gone", "rate_hz": 16_000, "seconds": 0.1}
TABLE = {"name": "sensor_table", "path": "gone", "channels": ["x", "y", "z"], "length": 33, "stride": 33}


def read_by(run: Path, source: str, **reading: object) -> None:
    """As runs write it on the encoder's card."""
    card = json.loads((run / "encoder.json").read_text(encoding="utf-8"))
    card["reading"] = {"source": source, **reading}
    (run / "encoder.json").write_text(json.dumps(card), encoding="utf-8")


def write_pictures(folder: Path, raw: np.ndarray, names: list[str]) -> None:
    for picture, name in zip(raw, names, strict=True):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        pixels = picture.transpose(1, 2, 0) if len(picture) == 3 else picture[0]
        Image.fromarray(pixels).save(folder / name)


def write_table(path: Path, names: list[str], columns: list[np.ndarray]) -> Path:
    path.parent.mkdir(exist_ok=True, parents=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([names, *zip(*columns, strict=True)])
    return path


def features_of_windows(encoder: Encoder, signal: np.ndarray) -> np.ndarray:
    """Of windows of 33 rows that lie behind each other."""
    windows = signal.reshape(-1, 33, 3).transpose(0, 2, 1).astype(np.float32)
    return features_of(encoder, torch.from_numpy(windows)).numpy()


# Pictures ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("source", [FOLDER, {"name": "mnist5k"}, {"name": "arrays", "path": "gone.npz"}])
def test_a_folder_of_pictures(source, tmp_path):
    encoder = write_run(tmp_path / "run", "image", source)
    raw = raw_samples(encoder.spec, 4).numpy()
    names = ["bird/0.png", "cat/1.png", "bird/2.png", "cat/3.png"]
    write_pictures(tmp_path / "new", raw, names)
    found = embedded(tmp_path / "run", tmp_path / "new")
    order = [0, 2, 1, 3]  # birds come before cats
    assert list(found) == ["path", "label", "features"]
    assert found["path"].tolist() == [str(tmp_path / "new" / names[row]) for row in order]
    assert found["label"].tolist() == ["bird", "bird", "cat", "cat"]
    expected = features_of(encoder, torch.from_numpy(raw[order])).numpy()
    np.testing.assert_allclose(found["features"], expected, **CLOSE)


def test_folders_of_any_kind(tmp_path):
    """Parts are no classes, an empty folder is no fault, files may lie beside folders."""
    encoder = write_run(tmp_path / "run", "image", FOLDER)
    raw = raw_samples(encoder.spec, 4).numpy()
    write_pictures(tmp_path / "new", raw, ["0.png", "test/1.png", "train/ok/2.png", "val/bad/deep/3.png"])
    (tmp_path / "new" / "empty").mkdir()
    (tmp_path / "new" / "4.dcm").write_bytes(b"0")
    found = embedded(tmp_path / "run", tmp_path / "new")
    rows = [int(Path(path).stem) for path in found["path"]]
    assert dict(zip(rows, found["label"].tolist(), strict=True)) == {0: "", 1: "", 2: "ok", 3: "bad"}
    np.testing.assert_allclose(
        found["features"], features_of(encoder, torch.from_numpy(raw[rows])).numpy(), **CLOSE
    )
    assert ".dcm: 1" in said(tmp_path / "run", tmp_path / "new")


def test_one_picture_and_a_list_for_an_encoder_of_a_folder(tmp_path):
    encoder = write_run(tmp_path / "run", "image", {**FOLDER, "label_column": "quality"})
    raw = raw_samples(encoder.spec, 2).numpy()
    write_pictures(tmp_path, raw, ["a.png", "b.png"])
    expected = features_of(encoder, torch.from_numpy(raw)).numpy()
    found = embedded(tmp_path / "run", tmp_path / "b.png")
    assert found["path"].tolist() == [str(tmp_path / "b.png")]
    np.testing.assert_allclose(found["features"], expected[1:], **CLOSE)
    (tmp_path / "list.csv").write_text("file;grade\nb.png;2\na.png;1\n", encoding="utf-8")
    found = embedded(tmp_path / "run", tmp_path / "list.csv")  # has no column 'quality', and needs none
    np.testing.assert_allclose(found["features"], expected[::-1], **CLOSE)
    found = embedded(tmp_path / "run", tmp_path / "list.csv", settings={"label_column": "grade"})
    assert found["label"].tolist() == ["2", "1"]


@pytest.mark.parametrize("kind", ["image", "grey"])
def test_p7_colours_are_as_in_training_and_said(kind, tmp_path):
    encoder = write_run(tmp_path / "run", kind, FOLDER)
    raw = raw_samples(encoder.spec, 1).numpy()
    other = raw[:, :1] if kind == "image" else raw.repeat(3, axis=1)
    write_pictures(tmp_path / "new", other, ["0.png"])
    seen = np.repeat(other, 3, axis=1) if kind == "image" else raw
    found = embedded(tmp_path / "run", tmp_path / "new")["features"]
    np.testing.assert_allclose(found, features_of(encoder, torch.from_numpy(seen)).numpy(), **CLOSE)
    words = {
        "image": "1 of 1 pictures are grey, and are read as rgb",
        "grey": "pictures have colours, and are read as",
    }
    assert words[kind] in said(tmp_path / "run", tmp_path / "new")


def test_p7_depth_is_as_in_training(tmp_path):
    """Of a darker new picture alone one would guess another depth."""
    encoder = write_run(tmp_path / "run", "deep", FOLDER)
    read_by(tmp_path / "run", "image_folder", mode="grey", range=[0.0, 4095.0])
    raw = np.random.default_rng(0).integers(0, 900, (16, 12), dtype=np.uint16)
    Image.fromarray(raw).save(tmp_path / "new.png")
    seen = torch.from_numpy((raw / 4095.0).astype(np.float32))[None, None]
    found = embedded(tmp_path / "run", tmp_path / "new.png")["features"]
    np.testing.assert_allclose(found, features_of(encoder, seen).numpy(), **CLOSE)
    shallow = (raw >> 2).astype(np.uint8)
    Image.fromarray(shallow).save(tmp_path / "new.png")
    found = embedded(tmp_path / "run", tmp_path / "new.png")["features"]
    seen = torch.from_numpy((shallow / 255.0).astype(np.float32))[None, None]
    np.testing.assert_allclose(found, features_of(encoder, seen).numpy(), **CLOSE)
    assert "stored as whole numbers, those were floats" in said(tmp_path / "run", tmp_path / "new.png")


def test_p7_deep_pictures_for_an_encoder_of_8_bits_are_asked_about(tmp_path):
    encoder = write_run(tmp_path / "run", "grey", FOLDER)
    raw = np.random.default_rng(0).integers(0, 4096, (16, 12), dtype=np.uint16)
    Image.fromarray(raw).save(tmp_path / "new.png")
    assert "Say which values are black and white: range=[0,4095], or bits=12" in refusal(
        tmp_path / "run", tmp_path / "new.png"
    )
    found = embedded(tmp_path / "run", tmp_path / "new.png", settings={"bits": 12})["features"]
    seen = torch.from_numpy((raw * (255 / 4095)).round().astype(np.uint8))[None, None]
    np.testing.assert_allclose(found, features_of(encoder, seen).numpy(), **CLOSE)


# Sound -------------------------------------------------------------------------------------------------------------


def write_sounds(folder: Path, raw: np.ndarray, rate: int = 16_000) -> None:
    folder.mkdir(parents=True)
    for number, sound in enumerate(raw):
        soundfile.write(folder / f"{number}.wav", sound, rate, subtype="FLOAT")


@pytest.mark.parametrize("source", [SOUNDS, {"name": "spoken_words"}])
def test_a_folder_of_sounds(source, tmp_path):
    encoder = write_run(tmp_path / "run", "sound file", source)
    raw = raw_samples(encoder.spec, 3)
    write_sounds(tmp_path / "new" / "word", raw.numpy())
    found = embedded(tmp_path / "run", tmp_path / "new")
    assert found["label"].tolist() == ["word"] * 3 and found["second"].tolist() == [0, 0, 0]
    np.testing.assert_allclose(found["features"], features_of(encoder, raw).numpy(), **CLOSE)


def test_one_long_sound_in_clips(tmp_path):
    encoder = write_run(tmp_path / "run", "sound file", SOUNDS)
    raw = raw_samples(encoder.spec, 3)
    write_sounds(tmp_path / "new", raw.reshape(1, -1).numpy())
    path = tmp_path / "new" / "0.wav"
    found = embedded(tmp_path / "run", path)
    assert found["second"].tolist() == [0.1] and "clips: all cuts" in said(tmp_path / "run", path)
    np.testing.assert_allclose(found["features"], features_of(encoder, raw[1:2]).numpy(), **CLOSE)
    found = embedded(tmp_path / "run", path, settings={"clips": "all"})
    np.testing.assert_allclose(found["second"], [0, 0.1, 0.2])
    np.testing.assert_allclose(found["features"], features_of(encoder, raw).numpy(), **CLOSE)


def test_sound_files_for_an_encoder_of_16_bit_arrays(tmp_path):
    encoder = write_run(tmp_path / "run", "audio", {"name": "arrays", "path": "gone"})
    raw = raw_samples(encoder.spec, 2)
    write_sounds(tmp_path / "new", raw.numpy() / 32768)
    found = embedded(tmp_path / "run", tmp_path / "new")["features"]
    np.testing.assert_allclose(found, features_of(encoder, raw).numpy(), **CLOSE)
    assert "stored as floats, those were whole numbers" in said(tmp_path / "run", tmp_path / "new")


# Recordings --------------------------------------------------------------------------------------------------------


@pytest.fixture
def signal() -> np.ndarray:
    return np.random.default_rng(0).normal(3, 2, (99, 3)).round(3)


@pytest.mark.parametrize("source", [{**TABLE, "rate_hz": 50.0}, {"name": "watch"}])
@pytest.mark.parametrize("folder", [False, True])
def test_tables_with_the_channels_alone(source, folder, tmp_path, signal):
    """Label, group and time of the training data need not be there."""
    if source["name"] == "sensor_table":
        source = {**source, "label": "what", "group": "who", "time": "t", "recording": "r", "split": "part"}
    encoder = write_run(tmp_path / "run", "sensor", source)
    path = write_table(tmp_path / "new" / "a.csv", ["x", "y", "z"], list(signal.T))
    settings = {} if source["name"] == "sensor_table" else {"stride": 33}
    found = embedded(tmp_path / "run", path.parent if folder else path, settings=settings)
    assert found["path"].tolist() == [str(path)] * 3 and found["row"].tolist() == [2, 35, 68]
    np.testing.assert_allclose(found["features"], features_of_windows(encoder, signal), **CLOSE)
    assert "label" not in found and "group" not in found
    if settings == {}:
        words = said(tmp_path / "run", path)
        assert "column(s) of the training data are not there, and not needed (t, what, who, r)" in words


def test_what_is_there_is_taken_by_name(tmp_path, signal):
    time = np.arange(99) / 50.000048 + 1.7e9
    encoder = write_run(tmp_path / "run", "sensor", {**TABLE, "label": "what", "group": "who", "time": "t"})
    columns = [*signal.T, time, np.repeat(["walk", "run", ""], 33), np.full(99, "Ann")]
    path = write_table(tmp_path / "new.csv", ["x", "y", "z", "t", "what", "who"], columns)
    found = embedded(tmp_path / "run", path)
    assert list(found) == ["path", "row", "second", "label", "group", "features"]
    assert found["label"].tolist() == ["walk", "run", ""] and set(found["group"]) == {"Ann"}
    np.testing.assert_allclose(found["second"], [0, 0.66, 1.32], atol=1e-3)
    np.testing.assert_allclose(found["features"], features_of_windows(encoder, signal), **CLOSE)


def test_a_channel_that_stands_still_is_no_fault(tmp_path, signal):
    signal[:, 1] = 4.0
    encoder = write_run(tmp_path / "run", "sensor", TABLE)
    found = embedded(tmp_path / "run", write_table(tmp_path / "new.csv", ["x", "y", "z"], list(signal.T)))
    np.testing.assert_allclose(found["features"], features_of_windows(encoder, signal), **CLOSE)


def test_another_rate_is_refused_and_can_be_changed(tmp_path, signal):
    write_run(tmp_path / "run", "sensor", {**TABLE, "time": "t"})
    time = np.arange(99) / 25
    path = write_table(tmp_path / "new.csv", ["t", "x", "y", "z"], [time, *signal.T])
    assert "25 Hz; the encoder takes 50 Hz. Resample them first (of tables: resample_hz=50)" in refusal(
        tmp_path / "run", path
    )
    assert len(embedded(tmp_path / "run", path, settings={"resample_hz": 50})["features"]) == 6  # 198 rows


def test_t6_what_was_taken_off_in_training_is_taken_off(tmp_path, signal):
    encoder = write_run(tmp_path / "run", "sensor", TABLE)
    read_by(tmp_path / "run", "sensor_table", stride=33, subtract={"y": 1e7})
    shifted = signal + np.array([0, 1e7, 0])
    found = embedded(tmp_path / "run", write_table(tmp_path / "new.csv", ["x", "y", "z"], list(shifted.T)))
    np.testing.assert_allclose(found["features"], features_of_windows(encoder, signal), rtol=1e-4, atol=1e-4)


def test_files_of_which_some_have_the_time(tmp_path, signal):
    write_run(tmp_path / "run", "sensor", {**TABLE, "time": "t"})
    write_table(tmp_path / "new" / "a.csv", ["x", "y", "z"], list(signal.T))
    write_table(tmp_path / "new" / "b.csv", ["x", "y", "z", "t"], [*signal.T, np.arange(99) / 50])
    assert "1 of 2 files have no column 't', e.g. a.csv" in refusal(tmp_path / "run", tmp_path / "new")


# What is refused ---------------------------------------------------------------------------------------------------


def test_files_that_are_not_there(tmp_path):
    write_run(tmp_path / "run", "image", FOLDER)
    for name in ("none", "none.npz", "none.npy", "none.png"):
        assert str(tmp_path / name) in refusal(tmp_path / "run", tmp_path / name)


def test_settings_that_the_source_does_not_have(tmp_path, signal):
    write_run(tmp_path / "run", "sensor", TABLE)
    path = write_table(tmp_path / "new.csv", ["x", "y", "z"], list(signal.T))
    assert "'sensor_table' has no such setting. Did you mean 'stride'?" in refusal(
        tmp_path / "run", path, {"strid": 3}
    )


def test_channels_that_are_not_there(tmp_path, signal):
    write_run(tmp_path / "run", "sensor", TABLE)
    path = write_table(tmp_path / "new.csv", ["x", "y"], list(signal.T[:2]))
    assert "has no column 'z'" in refusal(tmp_path / "run", path)


def test_a_plugin_s_kind_of_data_is_read_by_its_own_source(tmp_path):
    """Or by nobody, where that is not here."""
    write_run(tmp_path / "run", "counts", {"name": "dreamt", "path": "x"})
    (tmp_path / "x.csv").write_text("a\n1\n", encoding="utf-8")
    assert "no data source reads it for this encoder, which takes counts samples, or .npy" in refusal(
        tmp_path / "run", tmp_path / "x.csv"
    )
