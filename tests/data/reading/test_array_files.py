from pathlib import Path

import numpy as np
import pytest

from sslkit.data.reading.array_files import ArrayFile
from sslkit.data.rows import NpyRows
from sslkit.errors import SSLKitError


@pytest.fixture
def npz(tmp_path: Path) -> Path:
    path = tmp_path / "data.npz"
    np.savez_compressed(
        path, X_train=np.random.default_rng(0).standard_normal((30, 8)), y_train=np.arange(30)
    )
    return path


def test_an_npz_and_a_folder_give_the_same(npz: Path, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    file = ArrayFile(npz)
    big = np.zeros((300, 1000))
    np.save(folder / "X_train.npy", big)
    np.save(folder / "y_train.npy", file.read("y_train"))
    other = ArrayFile(str(folder))
    assert file.keys == other.keys == ["X_train", "y_train"]
    np.testing.assert_array_equal(file.read("y_train"), other.read("y_train"))
    assert isinstance(other.rows("X_train"), NpyRows) and isinstance(other.rows("y_train"), np.ndarray)
    np.testing.assert_array_equal(other.rows("X_train")[:], big)
    np.testing.assert_array_equal(other.read("X_train"), big)
    np.save(folder / "X_train.npy", np.asfortranarray(big))
    np.testing.assert_array_equal(other.rows("X_train"), big)
    assert "X_train" in other and "X_test" not in other


def test_what_is_no_npz(tmp_path: Path, npz: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "text.npz").write_text("hello")
    (tmp_path / "nothing.npz").write_bytes(b"")
    np.save(tmp_path / "single.npy", np.zeros(3))
    (tmp_path / "cut.npz").write_bytes(npz.read_bytes()[:-200])
    for name, message in {
        "absent.npz": "there is no such file",
        "dat.npz": r"Did you mean 'data.npz'\?",
        "nowhere/data.npz": "nor is there a folder",
        "empty": "no .npy file",
        "text.npz": "not an .npz",
        "nothing.npz": "not an .npz",
        "single.npy": "single .npy",
        "cut.npz": "truncated or corrupt",
    }.items():
        with pytest.raises(SSLKitError, match=message):
            ArrayFile(tmp_path / name)


def test_a_missing_key_names_the_nearest(npz: Path) -> None:
    with pytest.raises(SSLKitError, match=r"no array 'X_trian'. Did you mean 'X_train'\?"):
        ArrayFile(npz).read("X_trian")


def test_objects_are_never_unpickled(tmp_path: Path) -> None:
    bomb = np.empty(1, dtype=object)
    bomb[0] = Path("x")
    np.savez(tmp_path / "o.npz", X_train=bomb)
    with pytest.raises(SSLKitError, match="holds Python objects"):
        ArrayFile(tmp_path / "o.npz").read("X_train")


def test_damage_anywhere_is_one_clear_error(npz: Path, tmp_path: Path) -> None:
    whole = npz.read_bytes()
    random = np.random.default_rng(0)
    failures = 0
    for attempt in range(60):
        damaged = bytearray(whole)
        if attempt % 2:
            damaged = damaged[: random.integers(0, len(whole))]
        else:
            for place in random.integers(0, len(whole), 8):
                damaged[place] ^= int(random.integers(1, 256))
        path = tmp_path / "damaged.npz"
        path.write_bytes(damaged)
        try:
            file = ArrayFile(path)
            for key in file.keys:
                file.read(key)
        except SSLKitError:
            failures += 1
    assert failures > 50


def test_a_truncated_npy_of_a_folder(tmp_path: Path) -> None:
    np.save(tmp_path / "X_train.npy", np.zeros((1000, 1000)))
    whole = (tmp_path / "X_train.npy").read_bytes()
    for size in (0, 20, len(whole) // 2):
        (tmp_path / "X_train.npy").write_bytes(whole[:size])
        with pytest.raises(SSLKitError, match="truncated or corrupt"):
            ArrayFile(tmp_path).read("X_train")
