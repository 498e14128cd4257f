"""Arrays that cannot be meant, and files of arrays that are damaged."""

from __future__ import annotations

import numpy as np
import pytest

from sslkit.cli import run
from tests.bad_input.inputs import DAMAGES, arrays_of, config_of, put
from tests.conftest import write_signals

ARRAYS = {
    "nan": ({"X_train": put((3, 1, 4), np.nan)}, "first at sample 3, channel 1, time step 4"),
    "inf in test": ({"X_test": put((3, 1, 4), np.inf)}, "X_test: 1 of 4752 values are NaN, Inf"),
    "beyond float32": (
        {"X_train": lambda x: put((3, 1, 4), 1e300)(x.astype(float)), "X_test": lambda x: x.astype(float)},
        "beyond float32",
    ),
    "constant": ({"X_train": put((slice(None), 1), 2.0)}, "1 constant channel(s): 1 (always 2)"),
    "fewer labels": ({"y_train": lambda y: y[:-1]}, "X_train has 96 samples but y_train has 95 labels"),
    "fewer test labels": ({"y_test": lambda y: y[:-1]}, "X_test has 48 samples but y_test has 47 labels"),
    "no samples": ({"X_train": None}, "has no array 'X_train'"),
    "no test labels": ({"y_test": None}, "has no array 'y_test'"),
    "one-hot": ({"y_train": lambda y: np.eye(2)[y]}, "for one-hot labels"),
    "fractions": ({"y_train": lambda y: y + 0.5}, "label 0.5 is not a whole number"),
    "huge labels": ({"y_train": lambda y: y * 1e300}, "is not a whole number"),
    "objects": ({"y_train": lambda y: y.astype(object)}, "holds Python objects"),
    "complex": ({"X_train": lambda x: x + 1j}, "numbers are needed"),
    "five axes": ({"X_train": lambda x: x[..., None, None]}, "none of images"),
    "other test shape": ({"X_test": lambda x: x[:, :2]}, "Both parts need the same shape"),
    "empty": ({"X_train": lambda x: x[:0], "y_train": lambda y: y[:0]}, "there is no sample in it"),
    "fewer than a batch": ({"X_train": lambda x: x[:10], "y_train": lambda y: y[:10]}, "Use at most 8"),
    "one class": ({"y_train": lambda y: y * 0}, "of one class ('0')"),
    "a single sample": ({"y_train": put(0, 2)}, "too few samples of class '2' (1)"),
    "one group": ({"groups_train": np.zeros(96)}, "1 group(s) with labels cannot give"),
    "groups of another length": ({"groups_train": np.zeros(5)}, "(96,) is needed, one a sample"),
    "too few names": ({"names": np.array(["a"])}, "label 1 has no name"),
    "infinite rate": ({"rate_hz": np.array(np.inf)}, "one positive number is needed"),
}


@pytest.mark.parametrize(("changes", "words"), ARRAYS.values(), ids=ARRAYS)
def test_arrays(refused, tmp_path, changes, words):
    config = config_of(tmp_path, arrays_of(tmp_path, **changes))
    for command in ("check", "compare"):
        message = refused(command, config, *(["--out", tmp_path / "out"] if command == "compare" else []))
        assert words in message
        assert len(message.splitlines()) <= 2
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"y_test": put(slice(5), 2)}, "the training part has no labelled sample of class '2'"),
        ({"y_test": lambda y: y * 0}, "labels of the test part are of one class ('0')"),
        ({"y_train": lambda y: y * 0 - 1}, "the training part has no labels"),
        ({"y_test": lambda y: y * 0 - 1}, "the test part has no labels"),
        ({"y_train": None, "y_test": None}, "has no labels"),
        (
            {"y_train": np.repeat([1, 0, 0], 32), "groups_train": np.repeat([0, 1, 2], 32)},
            "the training part has no labelled sample of class '1'",
        ),
    ],
)
def test_labels_are_judged_before_training(refused, tmp_path, capsys, monkeypatch, changes, words):
    if "groups_train" in changes:  # the only group of a class falls to validation
        monkeypatch.setattr("sslkit.data.splits._choose_groups", lambda y, groups, *_: groups == 0)
    config = config_of(tmp_path, arrays_of(tmp_path, **changes))
    message = refused("compare", config, "--out", tmp_path / "out")
    assert words in message
    assert "sslkit pretrain CONFIG" in message
    assert not (tmp_path / "out").exists()
    assert run(["check", str(config)]) == 0  # pre-training alone needs no labels
    said = capsys.readouterr().out
    assert words.split()[-1] in said and "compare refuses it" in said and "the config is good" not in said


def test_labels_that_are_partly_unknown_are_fine(tmp_path):
    config = config_of(tmp_path, arrays_of(tmp_path, y_train=put(slice(50), -1)))
    assert run(["compare", str(config), "--out", str(tmp_path / "out")]) == 0


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_damaged_npz(refused, tmp_path, damage):
    path = write_signals(tmp_path / "signals.npz")
    path.write_bytes(damage(path.read_bytes()))
    assert str(path) in refused("check", config_of(tmp_path, path))


def test_folders_of_npy(refused, tmp_path):
    folder = tmp_path / "arrays"
    folder.mkdir()
    config = config_of(tmp_path, folder)
    assert "has no .npy file" in refused("check", config)
    for content in (b"", b"junk"):
        (folder / "X_train.npy").write_bytes(content)
        assert ("X_train.npy is not a .npy file" if content else "'X_train'") in refused("check", config)
    np.save(folder / "X_train.npy", np.ones((400, 3, 300)))
    whole = (folder / "X_train.npy").read_bytes()
    (folder / "X_train.npy").write_bytes(whole[:-1000])  # this one is memory-mapped
    assert "truncated or corrupt" in refused("check", config)
