import hashlib
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch
from einops import rearrange

from sslkit.data.rows import NpyRows
from sslkit.data.samples import ArraySamples, FileSamples, SubsetSamples, WindowSamples, subset
from sslkit.errors import SSLKitError
from sslkit.types import Part

RANDOM = np.random.default_rng(0)


@pytest.mark.parametrize("dtype", ["uint8", "int16", ">i2", "float64", "float32", "int64"])
@pytest.mark.parametrize("on_disk", [False, True])
def test_rows_of_an_array(tmp_path: Path, dtype: str, on_disk: bool) -> None:
    array = RANDOM.integers(0, 100, (50, 4, 5)).astype(dtype)
    np.save(tmp_path / "x.npy", array)
    samples = ArraySamples(NpyRows(tmp_path / "x.npy") if on_disk else array)
    stored = {"uint8": torch.uint8, "int16": torch.int16, ">i2": torch.int16}.get(dtype, torch.float32)
    for indices in ([7, 3, 3, 49], [4, 5, 6], [], [2]):
        got = samples[np.array(indices, dtype=np.int64)]
        assert got.dtype == stored and got.shape == (len(indices), 4, 5)
        np.testing.assert_array_equal(
            got.numpy(), array[np.array(indices, dtype=int)].astype(got.numpy().dtype)
        )
    assert len(samples) == 50


def test_an_array_on_the_disk_is_not_read_at_once_and_may_be_transposed(tmp_path: Path) -> None:
    array = RANDOM.integers(0, 255, (20, 6, 7, 3), dtype=np.uint8)
    np.save(tmp_path / "x.npy", array)
    samples = ArraySamples(
        NpyRows(tmp_path / "x.npy").arranged(partial(rearrange, pattern="n h w c -> n c h w"))
    )
    assert samples._tensor is None
    got = samples[np.array([9, 1])]
    assert got.is_contiguous()
    np.testing.assert_array_equal(got.numpy(), array[[9, 1]].transpose(0, 3, 1, 2))


def test_a_read_only_array_is_copied() -> None:
    array = np.arange(6, dtype=np.float32).reshape(3, 2)
    array.flags.writeable = False
    got = ArraySamples(array)[np.array([0])]
    got += 1
    assert array[0, 0] == 0


def test_windows_overlap_without_copies() -> None:
    signal = RANDOM.standard_normal((3, 100)).astype(np.float32)
    starts = np.array([0, 10, 11, 67])
    samples = WindowSamples(signal, starts, 33)
    got = samples[np.array([3, 0, 2])]
    expected = np.stack([signal[:, s : s + 33] for s in (67, 0, 11)])
    np.testing.assert_array_equal(got.numpy(), expected)
    assert got.is_contiguous() and len(samples) == 4


def test_files_are_decoded_once_where_they_fit(tmp_path: Path) -> None:
    paths = [tmp_path / f"{i}.bin" for i in range(6)]
    for i, path in enumerate(paths):
        path.write_bytes(bytes([i] * 4))
    calls: list[Path] = []

    def decode(path: Path) -> np.ndarray:
        calls.append(path)
        return np.frombuffer(path.read_bytes(), np.uint8)

    kept = FileSamples(paths, decode, (4,), workers=2)
    for _ in range(2):
        np.testing.assert_array_equal(kept[np.array([5, 0, 5])].numpy()[:, 0], [5, 0, 5])
    assert sorted(calls) == [paths[0], paths[5]]
    calls.clear()
    again = FileSamples(paths, decode, (4,), workers=2, memory_limit=23)
    for _ in range(2):
        np.testing.assert_array_equal(again[np.array([5, 0])].numpy()[:, 0], [5, 0])
    assert len(calls) == 4


def test_a_file_of_another_shape_is_named(tmp_path: Path) -> None:
    path = tmp_path / "odd.bin"
    path.write_bytes(b"12345")
    samples = FileSamples([path], lambda p: np.frombuffer(p.read_bytes(), np.uint8), (4,), workers=1)
    with pytest.raises(SSLKitError, match=r"odd.bin: decoded to \(5,\)"):
        samples[np.array([0])]


def test_the_digest_of_files_survives_a_copy_and_sees_a_change(tmp_path: Path) -> None:
    digests = []
    for folder, last in (("a", b"x"), ("b", b"x"), ("c", b"y")):
        (tmp_path / folder).mkdir()
        path = tmp_path / folder / "one.bin"
        path.write_bytes(bytes(10_000) + last)
        digests.append(FileSamples([path], lambda p: np.zeros(1), (1,), workers=1).digest())
    assert digests[0] == digests[1] != digests[2]


def test_a_subset_of_a_subset_looks_up_once() -> None:
    array = np.arange(20, dtype=np.float32)[:, None]
    part = Part(ArraySamples(array), np.arange(20), np.arange(20) // 2)
    inner = subset(subset(part, np.array([3, 8, 1, 9])), np.array([2, 1]))
    np.testing.assert_array_equal(inner.x[np.array([1, 0])].numpy()[:, 0], [8, 1])
    np.testing.assert_array_equal(inner.y, [1, 8])
    assert inner.groups is not None and inner.groups.tolist() == [0, 4]
    assert isinstance(inner.x, SubsetSamples) and isinstance(inner.x._samples, ArraySamples)


def test_the_former_fingerprint_of_files_is_still_known(tmp_path: Path) -> None:
    """By version 0.1.0: sha256 over each name and the sha256 of size, first and last 4 KiB."""
    contents = {"a.bin": b"x" * 10_000, "b.bin": b"short"}
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    expected = hashlib.sha256()
    for name, content in contents.items():
        ends = str(len(content)).encode() + content[:4096] + content[max(0, len(content) - 4096) :]
        expected.update(name.encode() + b"\0" + hashlib.sha256(ends).digest())
    samples = FileSamples([tmp_path / name for name in contents], lambda path: np.zeros(1, np.uint8), (1,), 1)
    assert samples.digest(ends_only=True) == expected.digest() != samples.digest()
