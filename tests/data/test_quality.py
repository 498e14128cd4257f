from pathlib import Path

import numpy as np
import pytest

from sslkit.data import quality
from sslkit.data.quality import (
    FilledSamples,
    check_constant,
    check_missing,
    check_picture_values,
    chunks,
    fill_missing,
)
from sslkit.data.rows import NpyRows
from sslkit.data.samples import ArraySamples
from sslkit.errors import SSLKitError

AXES = ("sample", "channel", "time step")


def _holes() -> np.ndarray:
    x = np.random.default_rng(0).standard_normal((40, 3, 20))
    x[30, 1, 7:9] = np.nan
    x[35, 2, 0] = np.inf
    return x


def test_missing_values_are_counted_and_placed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quality, "CHUNK_BYTES", 4000)
    with pytest.raises(SSLKitError, match=r"3 of 2400 values .* sample 30, channel 1, time step 7"):
        check_missing(_holes(), "error", AXES, "X")
    assert check_missing(_holes(), "zero", AXES, "X")
    assert not check_missing(np.zeros((2, 3, 4)), "error", AXES, "X")
    assert not check_missing(np.zeros((2, 3, 4), np.int16), "error", AXES, "X")


def test_nothing_to_interpolate_from() -> None:
    x = _holes()
    x[36, 0] = np.nan
    with pytest.raises(SSLKitError, match="sample 36, channel 0 has no value"):
        check_missing(x, "interpolate", AXES, "X")


def test_filling_equals_numpy() -> None:
    x = _holes()
    filled = fill_missing(x, "interpolate")
    row = x[30, 1].copy()
    good = np.isfinite(row)
    row[~good] = np.interp(np.flatnonzero(~good), np.flatnonzero(good), row[good])
    np.testing.assert_allclose(filled[30, 1], row, rtol=1e-6)
    assert filled[35, 2, 0] == np.float32(x[35, 2, 1])
    np.testing.assert_array_equal(fill_missing(x, "zero")[30, 1, 7:9], 0)
    assert np.isnan(x[30, 1, 7]), "the input was written into"


def test_filled_when_read() -> None:
    x = _holes()
    samples = FilledSamples(ArraySamples(x), "interpolate")
    indices = np.array([35, 30, 0])
    np.testing.assert_allclose(samples[indices].numpy(), fill_missing(x, "interpolate")[indices], rtol=1e-6)
    assert len(samples) == 40


@pytest.mark.parametrize("dtype", ["float32", "int16"])
def test_constant_channels_are_named(monkeypatch: pytest.MonkeyPatch, dtype: str) -> None:
    monkeypatch.setattr(quality, "CHUNK_BYTES", 1000)
    x = (np.random.default_rng(0).standard_normal((40, 3, 20)) * 100).astype(dtype)
    check_constant(x, (), "X")
    x[:, 1] = 7
    with pytest.raises(SSLKitError, match=r"1 constant channel\(s\): gyro \(always 7\)"):
        check_constant(x, ("acc", "gyro", "mag"), "X")
    x[39, 1, 19] = 8  # one other value anywhere is enough
    check_constant(x, (), "X")


def test_a_channel_that_is_all_missing_counts_as_constant() -> None:
    x = np.random.default_rng(0).standard_normal((4, 2, 5))
    x[:, 0] = np.nan
    with pytest.raises(SSLKitError, match="1 constant channel"):
        check_constant(x, (), "X")


def test_chunks_cover_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quality, "CHUNK_BYTES", 100)
    x = np.arange(70.0).reshape(35, 2)
    pieces = list(chunks(x))
    assert len(pieces) > 1
    np.testing.assert_array_equal(np.concatenate([piece for _, piece in pieces]), x)
    assert all(x[start, 0] == piece[0, 0] for start, piece in pieces)


def test_picture_values() -> None:
    check_picture_values(np.array([[0.0, 1.0, np.nan]]), "X")
    check_picture_values(np.array([[0, 255]]), "X")
    for values in ([[-0.1, 1.0]], [[0.0, 1.1]], [[0, 256]], [[-1, 3]]):
        with pytest.raises(SSLKitError, match="Scale them"):
            check_picture_values(np.array(values), "X")


def test_large_arrays_on_the_disk_are_looked_at_in_evenly_spread_blocks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quality, "LOOKED_AT_BYTES", 64_000)
    array = np.zeros((4000, 2, 8), np.float32)
    np.save(tmp_path / "x.npy", array)
    rows = NpyRows(tmp_path / "x.npy")
    found = list(quality.chunks(rows))
    starts = np.array([start for start, _ in found])
    assert sum(len(block) for _, block in found) == 64_000 // 64 // 64 * 64 and len(found) == quality.BLOCKS
    assert starts[0] == 0 and starts[-1] + len(found[-1][1]) == 4000 and np.ptp(np.diff(starts)) <= 1
    (note,) = quality.looked_at(rows, "x")
    assert "looked for in a part of the samples: x is large: 64 evenly spread blocks" in str(note)
    assert (
        quality.looked_at(array, "x") == () and sum(len(block) for _, block in quality.chunks(array)) == 4000
    )
    array[starts[5]] = np.nan
    np.save(tmp_path / "x.npy", array)
    with pytest.raises(SSLKitError, match="16 of 64000 values are NaN, Inf"):
        quality.check_missing(NpyRows(tmp_path / "x.npy"), "error", ("sample",), "x")
