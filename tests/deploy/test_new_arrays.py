"""Arrays of every layout, type and name."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from sslkit.errors import SSLKitError
from tests.deploy.embedding import ARRAYS, CLOSE, embedded, refusal, said, saved
from tests.deploy.encoders import SPECS, features_of, raw_samples, write_run

# One array ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", SPECS)
def test_an_array_has_features_in_its_order(kind, tmp_path):
    encoder = write_run(tmp_path / "run", kind, ARRAYS)
    raw = raw_samples(encoder.spec, 10)
    found = embedded(tmp_path / "run", saved(tmp_path / "x.npy", raw.numpy()))
    assert list(found) == ["path", "row", "features"] and found["features"].dtype == np.float32
    assert set(found["path"]) == {str(tmp_path / "x.npy")} and found["row"].tolist() == list(range(10))
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
        (np.zeros((5, 33, 3), np.float32), "its axes were turned: transpose(0, 2, 1)"),
        (np.zeros(99, np.float32), "has shape (99,); the encoder takes sensor samples of shape (3, 33)"),
        (np.zeros((0, 3, 33), np.float32), "is empty"),
        (np.zeros((5, 3, 33), bool), "holds bool"),
        (np.zeros((5, 3, 33), complex), "holds complex128"),
        (np.full((5, 3, 33), "a"), "holds <U1; numbers are needed"),
        (np.full((5, 3, 33), None), "holds Python objects"),
    ],
)
def test_arrays_that_it_does_not_take(array, words, tmp_path):
    write_run(tmp_path / "run", "sensor", ARRAYS)
    assert words in refusal(tmp_path / "run", saved(tmp_path / "x.npy", array))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "truncated or corrupt"),
        (b"text", "is not a .npy file"),
        (b"\x93NUMPY\x01\x00", "truncated or corrupt"),
    ],
)
def test_files_that_are_no_arrays(content, words, tmp_path):
    write_run(tmp_path / "run", "sensor", ARRAYS)
    (tmp_path / "x.npy").write_bytes(content)
    assert (
        f"{tmp_path / 'x.npy'}" in (found := refusal(tmp_path / "run", tmp_path / "x.npy")) and words in found
    )


@pytest.mark.parametrize(
    ("kind", "turn", "words"),
    [
        ("sensor", lambda raw: raw[0], "x is taken as one sample"),
        ("audio", lambda raw: raw[0], "x is taken as one sample"),
        ("audio", lambda raw: raw[:1, None], "x is taken as N×1×T"),
        ("image", lambda raw: raw[0], "x is taken as one sample"),
        ("image", lambda raw: raw[0].transpose(1, 2, 0), "x is taken as one sample, H×W×C"),
        ("grey", lambda raw: raw[0, 0], "x is taken as one sample, H×W"),
    ],
)
def test_one_sample_alone_and_other_axes_are_said(kind, turn, words, tmp_path):
    encoder = write_run(tmp_path / "run", kind, ARRAYS)
    raw = raw_samples(encoder.spec, 1)
    path = saved(tmp_path / "x.npy", turn(raw.numpy()))
    found = embedded(tmp_path / "run", path)["features"]
    np.testing.assert_allclose(found, features_of(encoder, raw).numpy(), **CLOSE)
    assert words in said(tmp_path / "run", path)


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
    assert list(found) == ["path", "row", "part", "label", "features"]
    expected = torch.cat([features_of(encoder, train), features_of(encoder, test)])
    np.testing.assert_allclose(found["features"], expected.numpy(), **CLOSE)
    assert found["label"].tolist() == [*labels["y_train"], *labels["y_test"]]
    assert found["part"].tolist() == ["train"] * 6 + ["test"] * 4
    assert found["row"].tolist() == [*range(6), *range(4)]


def test_arrays_without_labels_and_without_a_test_part(tmp_path):
    encoder = write_run(tmp_path / "run", "sensor", {**ARRAYS, "rate_hz": 50.0})
    np.savez(tmp_path / "x.npz", X_train=raw_samples(encoder.spec, 6).numpy())
    found = embedded(tmp_path / "run", tmp_path / "x.npz")
    assert list(found) == ["path", "row", "features"]


def test_a_folder_of_arrays(tmp_path):
    encoder = write_run(tmp_path / "run", "sensor", {**ARRAYS, "rate_hz": 50.0})
    raw = raw_samples(encoder.spec, 6)
    (tmp_path / "arrays").mkdir()
    saved(tmp_path / "arrays" / "X_train.npy", raw.numpy())
    saved(tmp_path / "arrays" / "y_train.npy", np.arange(6) % 2)
    found = embedded(tmp_path / "run", tmp_path / "arrays")
    np.testing.assert_allclose(found["features"], features_of(encoder, raw).numpy(), **CLOSE)
    assert found["label"].tolist() == ["0", "1"] * 3


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
    np.testing.assert_allclose(found["features"], features_of(encoder, raw).numpy(), **CLOSE)


def test_what_the_encoder_was_not_trained_on_is_refused(tmp_path):
    run, path = tmp_path / "run", tmp_path / "x.npz"
    x = raw_samples(SPECS["sensor"], 6).numpy()
    write_run(run, "sensor", {"name": "watch"})
    np.savez(path, X_train=x[:, :2])
    assert "X_train has shape (6, 2, 33); the encoder takes sensor samples of shape (3, 33)" in refusal(
        run, path
    )
    np.savez(path, X_train=x, rate_hz=25.0)
    assert "25 Hz; the encoder takes 50 Hz" in refusal(run, path)
    np.savez(path, X_train=x, channels=["y", "x", "z"])
    assert "the channels are y, x, z; the encoder takes x, y, z, in this order" in refusal(run, path)
    np.savez(path, A=x, B=x)
    assert "has no X_train, X_test or X but A, B. Name the array of samples X." in refusal(run, path)
    write_run(run, "image", ARRAYS)
    np.savez(path, X_train=np.zeros((6, 16, 12, 3), np.float32), y_train=np.arange(6) % 2)
    assert "its samples are floats; the encoder was trained on whole numbers" in refusal(run, path)
    np.savez(path, X_train=np.full((6, 16, 12, 3), 256, np.int32))
    assert "values from 256 to 256" in refusal(run, path)


def test_only_the_samples_are_needed(tmp_path):
    """Labels and groups that are none are left out, and said."""
    encoder = write_run(tmp_path / "run", "sensor", ARRAYS)
    x = raw_samples(encoder.spec, 6)
    np.savez(tmp_path / "x.npz", X_train=x.numpy(), y_train=np.linspace(0, 1, 6), groups_train=np.arange(5))
    found = embedded(tmp_path / "run", tmp_path / "x.npz")
    np.testing.assert_allclose(found["features"], features_of(encoder, x).numpy(), **CLOSE)
    assert list(found) == ["path", "row", "features"]
    words = said(tmp_path / "run", tmp_path / "x.npz")
    assert "labels are not used" in words and "groups are not used (groups_train)" in words
    assert "nothing says at which rate the samples were taken; the encoder takes 50 Hz" in words


def test_groups_come_by_name(tmp_path):
    encoder = write_run(tmp_path / "run", "sensor", ARRAYS)
    x = raw_samples(encoder.spec, 4).numpy()
    numbers = {"groups_train": np.array([1, 0, 1, 1]), "group_names": np.array(["Ann", "Ben"]), "fs": 50.2}
    np.savez(tmp_path / "x.npz", X_train=x, **numbers)
    assert embedded(tmp_path / "run", tmp_path / "x.npz")["group"].tolist() == ["Ben", "Ann", "Ben", "Ben"]
    assert "the rate is 50.2 Hz, taken for the encoder's 50 Hz" in said(tmp_path / "run", tmp_path / "x.npz")


@pytest.mark.parametrize("name", ["X", "x", "windows"])
def test_an_array_of_another_name_that_can_be_meant(name, tmp_path):
    encoder = write_run(tmp_path / "run", "sensor", ARRAYS)
    x = raw_samples(encoder.spec, 4)
    np.savez(tmp_path / "x.npz", **{name: x.numpy()})
    found = embedded(tmp_path / "run", tmp_path / "x.npz")["features"]
    np.testing.assert_allclose(found, features_of(encoder, x).numpy(), **CLOSE)


def test_whole_numbers_for_an_encoder_of_floats(tmp_path):
    """16-bit sound has one meaning."""
    encoder = write_run(tmp_path / "run", "sound file", ARRAYS)
    raw = raw_samples(SPECS["audio"], 3)
    path = saved(tmp_path / "x.npy", raw.numpy())
    found = embedded(tmp_path / "run", path)["features"]
    np.testing.assert_allclose(found, features_of(encoder, raw / 32768).numpy(), **CLOSE)
    assert "whole numbers are taken, ±32,768 as ±1" in said(tmp_path / "run", path)
    assert "is int32; the encoder was trained on floats" in refusal(
        tmp_path / "run", saved(tmp_path / "y.npy", raw.numpy().astype(np.int32))
    )


def test_settings_are_those_of_arrays(tmp_path):
    encoder = write_run(tmp_path / "run", "sensor", ARRAYS)
    raw = raw_samples(encoder.spec, 4).numpy()
    raw[1, 1, 4] = np.nan
    path = saved(tmp_path / "x.npy", raw)
    filled = raw.copy()
    filled[1, 1, 4] = (raw[1, 1, 3] + raw[1, 1, 5]) / 2
    found = embedded(tmp_path / "run", path, settings={"missing": "interpolate"})["features"]
    np.testing.assert_allclose(found, features_of(encoder, torch.from_numpy(filled)).numpy(), **CLOSE)
    assert "'arrays' has no such setting. Did you mean 'missing'?" in refusal(
        tmp_path / "run", path, {"mising": "zero"}
    )
    assert "arrays have no setting 'modality' here" in refusal(tmp_path / "run", path, {"modality": "audio"})
    assert "missing: " in refusal(tmp_path / "run", path, {"missing": "guess"})
