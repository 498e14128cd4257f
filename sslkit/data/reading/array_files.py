"""Named arrays of an ``.npz`` file or of a folder of ``.npy`` files; nothing is ever unpickled."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
import psutil

from sslkit.data.rows import NpyRows
from sslkit.errors import SSLKitError, did_you_mean
from sslkit.foreign import given_path, require_regular
from sslkit.npz_files import check_header, read_member, read_npy

LARGE = 1024**2  # bytes; smaller files are read at once
Found = TypeVar("Found")


class ArrayFile:
    """Arrays by name, of an ``.npz`` file or a folder of ``.npy`` files.

    Args:
        path: of the file or folder.
        single: a ``.npy`` file will do: one array that is called like the file.

    Raises:
        SSLKitError: there is no such file, or it is of another kind, truncated or corrupt.
    """

    def __init__(self, path: str | Path, single: bool = False) -> None:
        self.path = given_path(path)
        self._folder = self.path if self.path.is_dir() else None
        if self.path.is_dir():
            self.keys = sorted(file.stem for file in self.path.glob("*.npy"))
            if not self.keys:
                raise SSLKitError(
                    f"{self.path}: the folder has no .npy file; X_train.npy at least is needed."
                )
        elif single and self.path.suffix.lower() == ".npy" and self.path.exists():
            self.keys, self._folder = [self.path.stem], self.path.parent
        elif self.path.exists():
            self.keys = self._npz_keys()
        else:
            raise SSLKitError(f"{self.path}: there is no such file or folder{_neighbour(self.path)}")

    def __contains__(self, key: str) -> bool:
        return key in self.keys

    def read(self, key: str) -> np.ndarray:
        """The array of that name, in memory.

        Raises:
            SSLKitError: there is none (with the nearest name), it is corrupt, or it holds Python objects.
        """
        return self._get(key, self._whole)

    def rows(self, key: str) -> np.ndarray | NpyRows:
        """The array of that name; a large ``.npy`` stays on the disk.

        Raises:
            SSLKitError: as ``read``, or a large one in Fortran order.
        """
        return self._get(key, self._rows)

    def _get(self, key: str, read: Callable[[str], Found]) -> Found:
        if key not in self.keys:
            raise SSLKitError(
                f"{self.path} has no array '{key}'. {did_you_mean(key, self.keys)} It has: "
                f"{', '.join(self.keys)}."
            )
        try:
            return read(key)
        except (ValueError, EOFError, OSError) as error:
            if "allow_pickle" in str(error) or "Object arrays" in str(error):
                raise SSLKitError(
                    f"{self.path}: array '{key}' holds Python objects, which could run code when read. Save "
                    "it with a plain type: np.stack for samples of one shape, .astype(str) for names."
                ) from error
            raise SSLKitError(
                f"{self.path}: array '{key}' cannot be read, the file is truncated or corrupt ({error})."
            ) from error

    def _whole(self, key: str) -> np.ndarray:
        if self._folder is None:
            return read_member(self.path, key)
        _check_head(self._file(key))
        return read_npy(self._file(key))

    def _rows(self, key: str) -> np.ndarray | NpyRows:
        if self._folder is None or self._file(key).stat().st_size <= LARGE:
            return self._whole(key)
        file = self._file(key)
        _check_head(file)
        with file.open("rb") as opened:
            check_header(opened, file.stat().st_size)
        if np.load(file, mmap_mode="r", allow_pickle=False).flags.c_contiguous:
            return NpyRows(file)
        if file.stat().st_size <= psutil.virtual_memory().total // 4:
            return self._whole(key)
        raise SSLKitError(
            f"{file} is in Fortran order, sample by sample far apart on the disk. Save it as it is read: "
            "np.save(…, np.ascontiguousarray(X))."
        )

    def _file(self, key: str) -> Path:
        assert self._folder is not None
        return self._folder / f"{key}.npy" if self.path.is_dir() else self.path

    def _npz_keys(self) -> list[str]:
        try:
            with self.path.open("rb") as file:
                head = file.read(6)
            with zipfile.ZipFile(self.path) as archive:
                names = archive.namelist()
        except Exception as error:  # whatever the directory of a damaged archive makes its reader raise
            if isinstance(error, OSError):
                raise SSLKitError(f"{self.path} cannot be read: {error.strerror or error}.") from error
            if head[:6] == b"\x93NUMPY":
                raise SSLKitError(
                    f"{self.path} is a single .npy array. Give the folder that holds X_train.npy, "
                    "y_train.npy …, or an .npz (np.savez)."
                ) from error
            if head[:2] == b"PK":
                raise SSLKitError(
                    f"{self.path} is truncated or corrupt: its end is missing. Copy or download it again."
                ) from error
            raise SSLKitError(f"{self.path} is not an .npz file (np.savez writes one).") from error
        keys = sorted(name.removesuffix(".npy") for name in names if name.endswith(".npy"))
        if not keys:
            raise SSLKitError(f"{self.path} is a zip file without arrays, not an .npz (np.savez writes one).")
        return keys


def _check_head(file: Path) -> None:
    """Other files would be taken for pickled objects."""
    with require_regular(file).open("rb") as opened:
        head = opened.read(6)
        if head and head != b"\x93NUMPY":
            raise SSLKitError(f"{file} is not a .npy file (np.save writes one).")


def _neighbour(path: Path) -> str:
    """A hint at a file of nearly that name."""
    if not path.parent.is_dir():
        return f" (nor is there a folder {path.parent})."
    hint = did_you_mean(path.name, (other.name for other in path.parent.iterdir()))
    return f". {hint}" if hint.startswith("Did") else "."
