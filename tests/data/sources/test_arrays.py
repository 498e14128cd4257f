from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from sslkit.data.sources.arrays import Arrays
from sslkit.errors import SSLKitError
from sslkit.types import Dataset

RANDOM = np.random.default_rng(0)
IMAGES = RANDOM.integers(0, 256, (12, 8, 9), dtype=np.uint8)
WINDOWS = RANDOM.standard_normal((12, 3, 21)).astype(np.float32)
SOUND = RANDOM.integers(-3000, 3000, (12, 801)).astype(np.int16)
Y = np.arange(12) % 3


def _load(path: Path, arrays: dict[str, Any], **settings: Any) -> Dataset:
    np.savez(path / "data.npz", **arrays)
    return Arrays(str(path / "data.npz"), **settings).load()


def _read(dataset: Dataset) -> torch.Tensor:
    return dataset.train.x[np.arange(len(dataset.train))]


@pytest.mark.parametrize("channels", [None, 1, 3, 13])
def test_images(tmp_path: Path, channels: int | None) -> None:
    x = RANDOM.integers(0, 256, (12, 8, 9, channels) if channels else (12, 8, 9), dtype=np.uint8)
    dataset = _load(tmp_path, {"X_train": x, "y_train": Y, "X_test": x[:5], "y_test": Y[:5]})
    assert dataset.spec.modality == "image" and dataset.spec.shape == (channels or 1, 8, 9)
    assert dataset.spec.scale == 1 / 255 and dataset.spec.rate_hz is None
    expected = x[:, None] if channels is None else np.moveaxis(x, -1, 1)
    np.testing.assert_array_equal(_read(dataset).numpy(), expected)
    assert dataset.test is not None and len(dataset.test) == 5 and dataset.class_names == ("0", "1", "2")


@pytest.mark.parametrize("dtype", ["int64", "uint16", "float64", "float16"])
def test_images_of_other_types(tmp_path: Path, dtype: str) -> None:
    x = IMAGES.astype(dtype) / (255 if "float" in dtype else 1)
    dataset = _load(tmp_path, {"X_train": x.astype(dtype)}, modality="image")
    decoded = dataset.spec.decode(_read(dataset))
    np.testing.assert_allclose(decoded.numpy()[:, 0], IMAGES / 255, atol=1e-3)
    assert _read(dataset).dtype == (torch.float32 if "float" in dtype else torch.uint8)


@pytest.mark.parametrize("shape", [(6, 1, 33), (6, 40, 17), (6, 3, 128)])
@pytest.mark.parametrize("dtype", ["float32", "float64", "int16"])
def test_sensor_windows(tmp_path: Path, shape: tuple[int, ...], dtype: str) -> None:
    x = (RANDOM.standard_normal(shape) * 100).astype(dtype)
    dataset = _load(tmp_path, {"X_train": x, "sr": 24414})
    assert dataset.spec.modality == "sensor" and dataset.spec.shape == shape[1:]
    assert dataset.spec.rate_hz == 24414 and dataset.spec.scale == 1 and dataset.test is None
    assert (dataset.train.y == -1).all() and dataset.class_names == ()
    np.testing.assert_allclose(_read(dataset).numpy(), x, rtol=1e-6)


def test_audio_needs_a_rate(tmp_path: Path) -> None:
    dataset = _load(tmp_path, {"X_train": SOUND}, rate_hz=8000.0)
    assert dataset.spec.modality == "audio" and dataset.spec.shape == (801,) and dataset.spec.rate_hz == 8000
    np.testing.assert_allclose(dataset.spec.decode(_read(dataset)).numpy(), SOUND / 32768, rtol=1e-6)
    assert _load(tmp_path, {"X_train": SOUND / 32768.0, "rate_hz": 11025}).spec.scale == 1
    with pytest.raises(SSLKitError, match="audio needs rate_hz"):
        _load(tmp_path, {"X_train": SOUND})
    assert _load(tmp_path, {"X_train": SOUND}, modality="sensor").spec.shape == (1, 801)


def test_labels_groups_and_names(tmp_path: Path) -> None:
    arrays = {"X_train": WINDOWS, "y_train": Y, "y4_train": Y + 5, "names": np.array(["a", "b", "c"])}
    dataset = _load(
        tmp_path, arrays | {"groups_train": np.array(list("ppqqrrppqqrr"))}, channels=["x", "y", "z"]
    )
    assert dataset.class_names == ("a", "b", "c") and dataset.spec.channels == ("x", "y", "z")
    assert dataset.train.groups is not None and dataset.train.groups.tolist() == [0, 0, 1, 1, 2, 2] * 2
    other = _load(tmp_path, arrays, labels="y4")
    assert other.class_names == ("5", "6", "7") and other.train.y.tolist() == Y.tolist()


@pytest.mark.parametrize("column", [np.array(list("qqpprr") * 2), np.array([1, 1, 0, 0, 2, 2] * 2)])
def test_groups_have_their_names(tmp_path: Path, column: np.ndarray) -> None:
    more = {} if column.dtype.kind == "U" else {"group_names": np.array(["p", "q", "r"])}
    dataset = _load(tmp_path, {"X_train": WINDOWS, "groups_train": column, **more})
    assert dataset.train.groups is not None
    assert [dataset.group_name(number) for number in dataset.train.groups[:6]] == list("qqpprr")
    assert dataset.group_name(99) == "group 99"


@pytest.mark.parametrize(
    ("groups", "names"),
    [
        (np.arange(12), ["p", "q"]),
        (np.arange(12) - 1, list("abcdefghijkl")),
        (np.array(list("pq") * 6), ["p", "q"]),
        (Y, list("ppq")),
    ],
)
def test_names_that_do_not_fit_the_groups(tmp_path: Path, groups: np.ndarray, names: list[str]) -> None:
    with pytest.raises(SSLKitError, match="group_names"):
        _load(tmp_path, {"X_train": WINDOWS, "groups_train": groups, "group_names": np.array(names)})


def test_a_folder_is_memory_mapped(tmp_path: Path) -> None:
    x = RANDOM.integers(0, 256, (50, 90, 100, 3), dtype=np.uint8)
    np.save(tmp_path / "X_train.npy", x)
    np.save(tmp_path / "y_train.npy", np.arange(50) % 2)
    dataset = Arrays(str(tmp_path)).load()
    np.testing.assert_array_equal(
        dataset.train.x[np.array([3, 40])].numpy(), x[[3, 40]].transpose(0, 3, 1, 2)
    )


def test_missing_values_are_filled(tmp_path: Path) -> None:
    x = WINDOWS.copy()
    x[4, 1, 10] = np.nan
    with pytest.raises(SSLKitError, match=r"X_train: 1 of 756 .* sample 4, channel 1, time step 10"):
        _load(tmp_path, {"X_train": x})
    filled = _read(_load(tmp_path, {"X_train": x}, missing="interpolate"))
    assert filled[4, 1, 10].item() == pytest.approx((x[4, 1, 9] + x[4, 1, 11]) / 2, rel=1e-5)
    assert _read(_load(tmp_path, {"X_train": x}, missing="zero"))[4, 1, 10] == 0
    big = np.tile(x, (500, 1, 1))
    (tmp_path / "folder").mkdir()
    np.save(tmp_path / "folder" / "X_train.npy", big)
    mapped = Arrays(str(tmp_path / "folder"), missing="interpolate").load()
    np.testing.assert_array_equal(mapped.train.x[np.arange(12, 24)].numpy(), filled.numpy())


def test_constant_channels(tmp_path: Path) -> None:
    x = WINDOWS.copy()
    x[:, 2] = 1
    with pytest.raises(SSLKitError, match=r"1 constant channel\(s\): z"):
        _load(tmp_path, {"X_train": x}, channels=["x", "y", "z"])
    assert len(_load(tmp_path, {"X_train": x}, constant_channels="keep").train) == 12


@pytest.mark.parametrize(
    ("arrays", "settings", "message"),
    [
        ({"X_trian": WINDOWS}, {}, "no array 'X_train'. Did you mean 'X_trian'"),
        ({"X_train": WINDOWS, "y_train": Y[:7]}, {}, "12 samples but y_train has 7"),
        ({"X_train": WINDOWS, "y_train": Y, "X_test": WINDOWS}, {}, "no array 'y_test'"),
        ({"X_train": WINDOWS, "Y_train": Y}, {}, "no 'y_train' but Y_train"),
        ({"X_train": WINDOWS, "y_train": Y}, {"labels": "y4"}, "no array 'y4_train'"),
        ({"X_train": WINDOWS, "y_train": Y + 0.5}, {}, "not a whole number"),
        ({"X_train": WINDOWS, "y_train": Y, "names": np.array(["a", "b"])}, {}, "label 2 has no name"),
        ({"X_train": WINDOWS, "X_test": WINDOWS[:, :2]}, {}, r"X_test: a sample is \(2, 21\)"),
        ({"X_train": IMAGES, "X_test": IMAGES / 255}, {"modality": "image"}, "float64"),
        ({"X_train": WINDOWS[:0]}, {}, "no sample"),
        ({"X_train": np.arange(5.0)}, {}, "no sample"),
        ({"X_train": np.zeros((2, 3, 4, 5, 6))}, {}, "which is none of"),
        ({"X_train": np.array([["a", "b"]])}, {}, "numbers are needed"),
        ({"X_train": np.ones((3, 4, 5), bool)}, {}, "numbers are needed"),
        ({"X_train": np.ones((3, 4, 5), complex)}, {}, "numbers are needed"),
        ({"X_train": RANDOM.random((9, 8, 8))}, {}, "can be grey images or sensor windows"),
        ({"X_train": RANDOM.random((9, 8, 8, 3)) * 700}, {}, "Scale them"),
        ({"X_train": RANDOM.integers(0, 9999, (9, 8, 8, 13))}, {}, "Scale them"),
        ({"X_train": RANDOM.integers(0, 9, (9, 13, 8, 8), dtype=np.uint8)}, {}, "looks like N×C×H×W"),
        ({"X_train": WINDOWS}, {"channels": ["x"]}, "1 channel names are set"),
        ({"X_train": WINDOWS, "groups_train": Y[:3]}, {}, "groups_train has shape"),
        ({"X_train": SOUND, "sr": -1}, {}, "one positive number"),
        ({"X_train": SOUND.astype(np.int32), "sr": 8000}, {}, "int16, or float"),
        ({"X_train": WINDOWS}, {"modality": "audio", "rate_hz": 8000.0}, "audio is N×T"),
        ({"X_train": np.full((9, 4, 4, 1), np.nan)}, {"missing": "interpolate"}, "images don't have"),
    ],
)
def test_what_cannot_be_meant(
    tmp_path: Path, arrays: dict[str, Any], settings: dict[str, Any], message: str
) -> None:
    with pytest.raises(SSLKitError, match=message):
        _load(tmp_path, arrays, **settings)


def test_a_validation_part_rate_and_channels_of_the_users_own_are_used(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    np.savez(
        path,
        X_train=WINDOWS,
        y_train=Y,
        X_val=WINDOWS[:4],
        y_val=Y[:4],
        fs=50,
        channels=["x", "y", "z"],
    )
    dataset = Arrays(str(path)).load()
    assert dataset.validation is not None and dataset.validation.y.tolist() == dataset.train.y[:4].tolist()
    assert dataset.test is None and dataset.spec.rate_hz == 50 and dataset.spec.channels == ("x", "y", "z")


@pytest.mark.parametrize("key", ["groups", "group_train", "subject", "patient_id_train", "groups_train"])
def test_groups_by_the_names_that_people_give_them(tmp_path: Path, key: str) -> None:
    numbers = np.arange(len(Y))[:, None] % 3
    np.savez(tmp_path / "a.npz", X_train=WINDOWS, y_train=Y, **{key: numbers})
    dataset = Arrays(str(tmp_path / "a.npz")).load()
    assert dataset.train.groups is not None and dataset.train.groups.tolist() == numbers[:, 0].tolist()


def test_groups_of_numbers_and_of_text_meet(tmp_path: Path) -> None:
    groups = {"groups_train": np.arange(len(Y)) % 3, "groups_test": np.array(["0", "2.0"])}
    np.savez(
        tmp_path / "a.npz",
        X_train=WINDOWS,
        y_train=Y,
        X_test=WINDOWS[:2].astype(np.float64),
        y_test=Y[:2],
        **groups,
    )
    dataset = Arrays(str(tmp_path / "a.npz")).load()
    assert dataset.test is not None and dataset.test.groups is not None and dataset.train.groups is not None
    assert dataset.test.groups.tolist() == [dataset.train.groups[0], dataset.train.groups[2]]


def test_arrays_that_are_not_used_are_named_with_the_nearest(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", X_train=WINDOWS, y_train=Y, groups_trian=Y, weather=Y)
    notes = " ".join(map(str, Arrays(str(tmp_path / "a.npz")).load().notes))
    assert (
        "2 of 4 arrays are not used" in notes
        and "Did you mean 'groups_train'" in notes
        and "weather" in notes
    )


def test_values_in_other_ranges_are_recognised_and_said(tmp_path: Path) -> None:
    loud = RANDOM.uniform(-20_000, 20_000, (6, 800))
    bright = RANDOM.uniform(0, 255, (6, 20, 20, 3))
    for key, array, settings, top in (
        ("sound", loud, {"rate_hz": 8000.0}, 32768),
        ("picture", bright, {}, 255),
    ):
        np.savez(tmp_path / f"{key}.npz", X_train=array)
        dataset = Arrays(str(tmp_path / f"{key}.npz"), **settings).load()  # type: ignore[arg-type]
        decoded = dataset.spec.decode(dataset.train.x[np.arange(6)])
        assert dataset.spec.scale == 1 / top and float(decoded.abs().max()) <= 1
        assert any("floats are taken as values" in str(note) for note in dataset.notes)


def test_pictures_with_channels_first_are_recognised_and_said(tmp_path: Path) -> None:
    pictures = RANDOM.integers(0, 256, (5, 3, 12, 14), dtype=np.uint8)
    np.savez(tmp_path / "a.npz", X_train=pictures)
    dataset = Arrays(str(tmp_path / "a.npz")).load()
    assert dataset.spec.shape == (3, 12, 14) and any("N×C×H×W" in str(note) for note in dataset.notes)
    np.testing.assert_array_equal(dataset.train.x[np.arange(5)].numpy(), pictures)


@pytest.mark.parametrize(
    "array",
    [RANDOM.integers(0, 4096, (5, 32, 40), dtype=np.uint16), np.floor(RANDOM.uniform(0, 255, (5, 32, 32)))],
)
def test_p6_pictures_of_three_axes_are_asked_for(tmp_path: Path, array: np.ndarray) -> None:
    np.savez(tmp_path / "a.npz", X_train=array)
    with pytest.raises(SSLKitError, match="can be grey images or sensor windows"):
        Arrays(str(tmp_path / "a.npz")).load()


def test_one_sensors_windows_with_a_rate_are_said_to_be_taken_for_sound(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", X_train=RANDOM.normal(size=(6, 800)), rate_hz=8000)
    assert "modality: sensor" in str(Arrays(str(tmp_path / "a.npz")).load().notes[0])
    assert Arrays(str(tmp_path / "a.npz"), modality="sensor").load().spec.shape == (1, 800)


def test_a_rate_that_contradicts_the_file_and_names_of_another_number_are_refused(tmp_path: Path) -> None:
    x = np.random.default_rng(0).normal(size=(6, 3, 40))
    np.savez(tmp_path / "x.npz", X_train=x, fs=50.2)
    assert Arrays(str(tmp_path / "x.npz"), rate_hz=50.0).load().spec.rate_hz == 50.0
    with pytest.raises(SSLKitError, match=r"rate_hz is 100, but the file's fs is 50\.2"):
        Arrays(str(tmp_path / "x.npz"), rate_hz=100.0).load()
    np.savez(tmp_path / "x.npz", X_train=x, channels=["a", "b"])
    with pytest.raises(SSLKitError, match=r"2 channel names are set \(a, b\), X_train has 3"):
        Arrays(str(tmp_path / "x.npz")).load()
