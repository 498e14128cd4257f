"""Arrays of ``.npz`` and ``.npy`` files of anybody: what a header claims is held against the file."""

from __future__ import annotations

import math
import os
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import numpy as np
import psutil

from sslkit.errors import SSLKitError, in_a_line
from sslkit.foreign import require_regular

MOST_PACKED = 1032  # bytes that a byte of DEFLATE gives at most
SPARE_BYTES = 4096  # of headers


def read_member(path: Path, key: str) -> np.ndarray:
    """One array of an ``.npz`` file, in memory.

    Raises:
        ValueError: it is damaged, claims more than the file can hold, holds Python objects, or does not fit into
            memory. The message names neither the file nor ``key``.
        SSLKitError: no regular file.
    """
    with _one_error(), zipfile.ZipFile(require_regular(path)) as archive:
        name = f"{key}.npy" if f"{key}.npy" in archive.namelist() else key
        info = archive.getinfo(name)
        held = (
            info.compress_size
            if info.compress_type == zipfile.ZIP_STORED
            else info.compress_size * MOST_PACKED
        )
        if info.file_size > held + SPARE_BYTES or info.compress_size > path.stat().st_size:
            raise ValueError(
                f"it claims {info.file_size:,} bytes, and {info.compress_size:,} are in the file"
            )
        with archive.open(name) as file:
            _require_memory(check_header(file, info.file_size))
        with archive.open(name) as file:
            array: np.ndarray = np.lib.format.read_array(file, allow_pickle=False)  # type: ignore[no-untyped-call]
        return array


def read_npy(path: Path) -> np.ndarray:
    """The array of an ``.npy`` file, in memory; raises as ``read_member``."""
    with _one_error(), require_regular(path).open("rb") as file:
        _require_memory(check_header(file, os.fstat(file.fileno()).st_size))
        file.seek(0)
        array: np.ndarray = np.lib.format.read_array(file, allow_pickle=False)  # type: ignore[no-untyped-call]
        return array


def read_all(path: Path) -> Mapping[str, np.ndarray]:
    """Every array of an ``.npz`` file; raises as ``read_member``."""
    with _one_error(), zipfile.ZipFile(require_regular(path)) as archive:
        names = [name.removesuffix(".npy") for name in archive.namelist()]
    return {name: read_member(path, name) for name in names}


def check_header(file: IO[bytes], size: int) -> int:
    """Hold the header of an ``.npy`` file against its ``size`` in bytes; how many the array has.

    Raises:
        ValueError: it is none, or claims more than there is.
    """
    version = np.lib.format.read_magic(file)  # type: ignore[no-untyped-call]
    read: Any = (
        np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    )
    shape, _, dtype = read(file)
    if dtype.hasobject:
        raise ValueError("Object arrays cannot be loaded when allow_pickle=False")
    if any(type(length) is not int or length < 0 for length in shape):
        raise ValueError(f"its header has the shape {shape}")
    wanted = math.prod(shape) * dtype.itemsize
    if wanted > size:
        raise ValueError(f"its header claims {wanted:,} bytes, and there are {size:,}")
    return int(wanted)


def _require_memory(wanted: int) -> None:
    if wanted > psutil.virtual_memory().total:
        raise ValueError(f"it has {wanted:,} bytes, more than this machine's memory")


@contextmanager
def _one_error() -> Iterator[None]:
    """Readers of damaged files raise whatever they stumble over: it becomes a ValueError; our own errors stay."""
    try:
        yield
    except (SSLKitError, ValueError, FileNotFoundError):
        raise
    except Exception as error:
        raise ValueError(f"{type(error).__name__}: {in_a_line(error)}") from error
