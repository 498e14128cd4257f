"""Indexable raw samples: arrays in memory or mapped, windows of long signals, files, views of these."""

from __future__ import annotations

import hashlib
import math
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, partial
from pathlib import Path

import numpy as np
import psutil
import torch
from einops import rearrange
from numpy.typing import DTypeLike
from torch import Tensor

from sslkit.data.rows import NpyRows
from sslkit.errors import SSLKitError
from sslkit.foreign import require_regular
from sslkit.types import Part, Samples

BLOCK_BYTES = 4096
MOST_BLOCKS = 16  # a file of fewer is always hashed as a whole
HASHED_BYTES = 4 * 1024**3  # of all files of a part together


class ArraySamples:
    """Rows of an array ``(N, *shape)``, in memory (held as one tensor) or on the disk (read when indexed).

    uint8 and int16 stay as they are; everything else becomes float32.

    Args:
        array: an ndarray, or ``NpyRows``.
        dtype: what to store instead, e.g. uint8 for integers known to fit.
    """

    def __init__(self, array: np.ndarray | NpyRows, dtype: DTypeLike | None = None) -> None:
        self._dtype = np.dtype(dtype) if dtype is not None else _stored_dtype(array.dtype)
        self._rows = array if isinstance(array, NpyRows) else None
        self._tensor = None if isinstance(array, NpyRows) else _tensor(array, self._dtype)
        self._length = len(array)

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, indices: np.ndarray) -> Tensor:
        if self._tensor is not None:
            return self._tensor.index_select(0, torch.from_numpy(np.asarray(indices, dtype=np.int64)))
        assert self._rows is not None
        wanted, back = np.unique(indices, return_inverse=True)  # in the disk's order, nothing twice
        return _tensor(self._rows[wanted][back], self._dtype)


class WindowSamples:
    """Windows of one long signal ``(C, T)``, kept once however much they overlap.

    Args:
        signal: float32 ``(C, T)``.
        starts: first time step of each window.
        length: time steps in a window.
    """

    def __init__(self, signal: np.ndarray, starts: np.ndarray, length: int) -> None:
        self._windows = _tensor(signal, np.dtype(np.float32)).unfold(1, length, 1)  # a view (C, T', length)
        self._starts = torch.from_numpy(np.asarray(starts, dtype=np.int64))

    def __len__(self) -> int:
        return len(self._starts)

    def __getitem__(self, indices: np.ndarray) -> Tensor:
        starts = self._starts[torch.from_numpy(np.asarray(indices, dtype=np.int64))]
        return rearrange(self._windows[:, starts], "c n t -> n c t").contiguous()


class FileSamples:
    """One file a sample, decoded by a pool of threads when indexed; kept where all of them fit in memory.

    Args:
        paths: of the files.
        decode: file (and place in it, if there are places) → array of ``shape`` and ``dtype``; raises ``SSLKitError``
            where it cannot.
        shape: of one decoded sample.
        workers: threads that decode.
        dtype: of decoded samples.
        memory_limit: bytes the decoded whole may take to be kept; default a quarter of the machine's memory.
        places: for each path, where in the file the sample lies; a file may come several times.
    """

    def __init__(
        self,
        paths: Sequence[Path],
        decode: Callable[..., np.ndarray],
        shape: tuple[int, ...],
        workers: int,
        dtype: DTypeLike = np.uint8,
        memory_limit: int | None = None,
        places: Sequence[object] | None = None,
    ) -> None:
        self._places = places
        self._paths, self._decode, self._shape, self._workers = list(paths), decode, shape, workers
        self._dtype = np.dtype(dtype)
        size = len(self._paths) * math.prod(shape) * self._dtype.itemsize
        self._keeps = size <= (_quarter_of_memory() if memory_limit is None else memory_limit)

    def __len__(self) -> int:
        return len(self._paths)

    def __getitem__(self, indices: np.ndarray) -> Tensor:
        indices = np.asarray(indices, dtype=np.int64)
        if not self._keeps:
            return torch.from_numpy(self._read(indices))
        kept, is_kept = self._cache
        new = np.unique(indices[~is_kept[indices]])
        if len(new):
            kept[new] = self._read(new)
            is_kept[new] = True
        return torch.from_numpy(kept[indices])

    def digest(self, ends_only: bool = False) -> bytes:
        """Hash of names, sizes, contents and places: no times, so that a copied folder is the same data.

        Above ``HASHED_BYTES`` in all, each file counts with evenly spaced blocks, of so many bytes together.

        Args:
            ends_only: as version 0.1.0 did it: names, sizes, and 4 KiB at both ends of each file.
        """
        if ends_only:
            return self._digest_of_ends()
        root = os.path.commonpath([path.parent for path in self._paths]) if self._paths else ""
        different = list(dict.fromkeys(self._paths))
        sizes = [path.stat().st_size for path in different]
        share = min(1.0, HASHED_BYTES / max(1, sum(sizes)))
        hashes = self._pool.map(partial(content_hash, share=share), different)
        digest = hashlib.sha256()
        for path, content in zip(different, hashes, strict=True):
            digest.update(os.fsencode(os.path.relpath(path, root)) + b"\0" + content)
        if self._places is not None:
            digest.update(
                repr(
                    [(str(p), place) for p, place in zip(self._short(root), self._places, strict=True)]
                ).encode()
            )
        return digest.digest()

    def _digest_of_ends(self) -> bytes:
        root = os.path.commonpath([path.parent for path in self._paths]) if self._paths else ""
        digest = hashlib.sha256()
        for path, ends in zip(self._paths, self._pool.map(ends_hash, self._paths), strict=True):
            digest.update(os.fsencode(os.path.relpath(path, root)) + b"\0" + ends)
        return digest.digest()

    def _short(self, root: str) -> list[str]:
        return [os.path.relpath(path, root) for path in self._paths]

    @cached_property
    def _pool(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(self._workers, thread_name_prefix="decode")

    @cached_property
    def _cache(self) -> tuple[np.ndarray, np.ndarray]:
        shape = (len(self._paths), *self._shape)
        return np.zeros(shape, self._dtype), np.zeros(len(self._paths), bool)

    def _read(self, indices: np.ndarray) -> np.ndarray:
        read = np.empty((len(indices), *self._shape), self._dtype)
        for row, sample in enumerate(self._pool.map(self._decode_checked, indices)):
            read[row] = sample
        return read

    def _decode_checked(self, index: int) -> np.ndarray:
        path = self._paths[index]
        sample = self._decode(path) if self._places is None else self._decode(path, place=self._places[index])
        if sample.shape != self._shape:
            raise SSLKitError(
                f"{self._paths[index]}: decoded to {sample.shape} where the other samples are {self._shape}."
            )
        return sample


class SubsetSamples:
    """Some of other samples, without a copy."""

    def __init__(self, samples: Samples, indices: np.ndarray) -> None:
        self._samples: Samples = samples
        self._indices: np.ndarray = np.asarray(indices, dtype=np.int64)
        if isinstance(samples, SubsetSamples):  # a view of a view looks up once
            self._samples, self._indices = samples._samples, samples._indices[self._indices]

    def __len__(self) -> int:
        return len(self._indices)

    def __getitem__(self, indices: np.ndarray) -> Tensor:
        return self._samples[self._indices[np.asarray(indices, dtype=np.int64)]]


def has_files(samples: Samples) -> bool:
    """Whether samples are decoded from files of their own."""
    return isinstance(samples._samples if isinstance(samples, SubsetSamples) else samples, FileSamples)


def subset(part: Part, indices: np.ndarray) -> Part:
    """A view of some samples of a part, with their labels, groups and origins."""
    groups = None if part.groups is None else part.groups[indices]
    origins = {name: column[indices] for name, column in part.origins.items()}
    return Part(SubsetSamples(part.x, indices), part.y[indices], groups, origins)


def _stored_dtype(dtype: np.dtype) -> np.dtype:
    return (
        dtype.newbyteorder("=") if dtype.newbyteorder("=") in (np.uint8, np.int16) else np.dtype(np.float32)
    )


def _tensor(array: np.ndarray, dtype: np.dtype) -> Tensor:
    array = np.ascontiguousarray(array, dtype=dtype)
    return torch.from_numpy(array if array.flags.writeable else array.copy())


def ends_hash(path: Path) -> bytes:
    """sha256 over a file's size, first and last block."""
    with require_regular(path).open("rb") as file:
        first = file.read(BLOCK_BYTES)
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - BLOCK_BYTES))
        return hashlib.sha256(str(size).encode() + first + file.read()).digest()


def content_hash(path: Path, share: float = 1.0) -> bytes:
    """sha256 over a file's size and content, or over evenly spaced blocks of ``share`` of it, both ends included."""
    size = path.stat().st_size
    digest = hashlib.sha256(str(size).encode())
    with require_regular(path).open("rb") as file:
        if share >= 1.0 or size <= MOST_BLOCKS * BLOCK_BYTES:
            while block := file.read(2**20):
                digest.update(block)
            return digest.digest()
        count = max(2, round(size * share / BLOCK_BYTES))
        for start in np.linspace(0, size - BLOCK_BYTES, count).astype(np.int64).tolist():
            file.seek(start)
            digest.update(file.read(BLOCK_BYTES))
    return digest.digest()


def _quarter_of_memory() -> int:
    return psutil.virtual_memory().total // 4
