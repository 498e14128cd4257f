"""Rows of an array that stays on the disk, read when they are asked for."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from io import FileIO
from pathlib import Path
from typing import Any

import numpy as np

from sslkit.errors import SSLKitError

Step = Callable[[np.ndarray], np.ndarray]


class NpyRows:
    """An ``.npy`` file, indexed by rows (a slice or an array of places) as the array in it would be.

    Rows are read, not mapped into memory: a file that another program cuts off ends in a message instead of killing the
    process, and what was read does not count as the process's memory.

    Args:
        path: of the file, in C order.
        steps: what is done to rows that are read, in this order: other axes behind the first, another type.

    Raises:
        SSLKitError: (when rows are read) the file has become shorter.
        ValueError, OSError: it is no ``.npy`` file of plain numbers in C order, or shorter than its header says.
    """

    def __init__(self, path: Path, steps: tuple[Step, ...] = ()) -> None:
        mapped = np.load(
            path, mmap_mode="r", allow_pickle=False
        )  # its header, checked against the file's size
        if not mapped.flags.c_contiguous:
            raise ValueError(f"{path} is in Fortran order")
        self.path, self.steps = path, steps
        self._stored, self._stored_shape, self._offset = mapped.dtype, mapped.shape[1:], mapped.offset
        like = np.broadcast_to(np.zeros((), mapped.dtype), (1, *mapped.shape[1:]))
        for step in steps:
            like = step(like)
        self.shape: tuple[int, ...] = (len(mapped), *like.shape[1:])
        self.dtype = like.dtype
        self._lock = threading.Lock()
        self._file: FileIO | None = None

    @property
    def ndim(self) -> int:
        return len(self.shape)

    @property
    def size(self) -> int:
        return int(np.prod(self.shape, dtype=object))

    @property
    def nbytes(self) -> int:
        return self.size * self.dtype.itemsize

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, rows: slice | np.ndarray) -> np.ndarray:
        """The rows of a slice, or at places in ascending order without doubles."""
        if isinstance(rows, slice):
            places = np.arange(*rows.indices(len(self)))
        else:
            places = np.asarray(rows, dtype=np.int64)
        array = np.empty((len(places), *self._stored_shape), self._stored)
        ends = np.flatnonzero(np.diff(places) != 1) + 1
        for run in np.split(np.arange(len(places)), ends) if len(places) else []:
            self._read(int(places[run[0]]), array[run[0] : run[-1] + 1])
        for step in self.steps:
            array = step(array)
        return array

    def arranged(self, step: Step) -> NpyRows:
        """With a further step on the rows; raises what ``step`` raises on an array of this shape."""
        step(np.broadcast_to(np.zeros((), self.dtype), self.shape))  # takes no memory
        return NpyRows(self.path, (*self.steps, step))

    def _read(self, first: int, into: np.ndarray) -> None:
        buffer = memoryview(into.reshape(-1).view(np.uint8))  # type: ignore[arg-type]
        place = self._offset + first * (into.nbytes // len(into))
        done = 0
        while done < len(buffer):
            count = self._read_at(place + done, buffer[done:])
            if count == 0:
                raise SSLKitError(
                    f"{self.path} has become shorter while it was in use: row {first:,} and those behind it are gone. "
                    "Put the file back, and run the same command again."
                )
            done += count

    def _read_at(self, place: int, buffer: memoryview) -> int:
        with self._lock:  # several threads read
            if self._file is None:
                self._file = FileIO(self.path)
        if sys.platform == "linux" and hasattr(os, "preadv"):
            return os.preadv(self._file.fileno(), [buffer], place)
        with self._lock:  # a place that all threads share
            self._file.seek(place)
            return self._file.readinto(buffer) or 0

    def __getstate__(self) -> dict[str, Any]:
        """For other processes, which open the file themselves."""
        return {"path": self.path, "steps": self.steps}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__(**state)  # type: ignore[misc]

    def __del__(self) -> None:
        file = getattr(self, "_file", None)
        if file is not None:
            file.close()
