"""Rows on the disk are numpy's."""

from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from einops import rearrange

from sslkit.data.rows import NpyRows
from sslkit.errors import SSLKitError

RANDOM = np.random.default_rng(0)


@pytest.fixture
def array(tmp_path: Path) -> np.ndarray:
    found = RANDOM.normal(size=(50, 4, 5))
    np.save(tmp_path / "x.npy", found)
    return found


@pytest.mark.parametrize("dtype", ["u1", "<i2", ">i2", "<f4", ">f8", "f2", "g", "?"])
def test_any_type_of_number(dtype: str, tmp_path: Path) -> None:
    array = RANDOM.integers(0, 2, (9, 3)).astype(dtype)
    np.save(tmp_path / "x.npy", array)
    rows = NpyRows(tmp_path / "x.npy")
    assert (rows.shape, rows.ndim, rows.size, rows.nbytes, rows.dtype) == (
        array.shape,
        array.ndim,
        array.size,
        array.nbytes,
        array.dtype,
    )
    np.testing.assert_array_equal(rows[2:7], array[2:7])


@pytest.mark.parametrize(
    "places", [slice(None), slice(3, 9), slice(48, 99), slice(7, 7), [0, 1, 2], [3, 7, 8, 49], [], [12]]
)
def test_slices_and_places(places: slice | list[int], array: np.ndarray, tmp_path: Path) -> None:
    wanted = places if isinstance(places, slice) else np.array(places, dtype=np.int64)
    np.testing.assert_array_equal(NpyRows(tmp_path / "x.npy")[wanted], array[wanted])


def test_steps_are_taken_one_after_the_other(array: np.ndarray, tmp_path: Path) -> None:
    turned = NpyRows(tmp_path / "x.npy").arranged(partial(rearrange, pattern="n c t -> n t c"))
    rows = turned.arranged(partial(np.ndarray.astype, dtype="f4"))
    assert rows.shape == (50, 5, 4) and rows.dtype == np.float32 and rows.nbytes == 4000
    np.testing.assert_array_equal(rows[3:5], array[3:5].transpose(0, 2, 1).astype(np.float32))


def test_a_step_sees_the_whole_shape(array: np.ndarray, tmp_path: Path) -> None:
    def refuse(rows: np.ndarray) -> np.ndarray:
        raise SSLKitError(f"shape {rows.shape}")

    with pytest.raises(SSLKitError, match=r"shape \(50, 4, 5\)"):
        NpyRows(tmp_path / "x.npy").arranged(refuse)


def test_threads_and_other_processes_read_it(array: np.ndarray, tmp_path: Path) -> None:
    rows = NpyRows(tmp_path / "x.npy")
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda start: rows[start : start + 5], range(45)))
    assert all(np.array_equal(one, array[start : start + 5]) for start, one in enumerate(found))
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(rows))[:], array)


def test_a_file_that_is_cut_off_meanwhile_is_said(array: np.ndarray, tmp_path: Path) -> None:
    """A mapped one would kill the process."""
    rows = NpyRows(tmp_path / "x.npy")
    np.testing.assert_array_equal(rows[:3], array[:3])
    with (tmp_path / "x.npy").open("r+b") as file:
        file.truncate(128 + 160 * 30 + 7)
    np.testing.assert_array_equal(rows[29:30], array[29:30])
    with pytest.raises(SSLKitError, match=r"x\.npy has become shorter while it was in use: row 30 and"):
        rows[30:32]


def test_what_it_does_not_read(tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", np.asfortranarray(RANDOM.normal(size=(5, 4))))
    with pytest.raises(ValueError, match="Fortran"):
        NpyRows(tmp_path / "x.npy")
    np.save(tmp_path / "x.npy", np.array([{}]), allow_pickle=True)
    with pytest.raises(ValueError, match="Python objects"):
        NpyRows(tmp_path / "x.npy")
