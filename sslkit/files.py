"""Files are written to a temporary name and renamed: whoever reads one finds the old or the new, never a half."""

from __future__ import annotations

import errno
import fcntl
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np

from sslkit.errors import SSLKitError

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def write_atomically(path: Path, write: Callable[[Path], None]) -> None:
    """Call ``write`` with a temporary path beside ``path``, flush it to the disk, and rename it.

    Raises:
        SSLKitError: the disk is full, or the folder cannot be written.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write(temporary)
        with open(temporary, "rb") as file:
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except (OSError, RuntimeError) as error:  # torch.save reports a failed write as RuntimeError
        raise SSLKitError(cannot_write(path, error)) from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def remove_leftovers(folder: Path) -> None:
    """Temporary files of a run that was killed while it wrote."""
    for temporary in folder.glob(".*.tmp"):
        temporary.unlink(missing_ok=True)


def make_folder(folder: Path) -> None:
    """For results, with its parents.

    Raises:
        SSLKitError: it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SSLKitError(
            f"{folder}: cannot be made a folder of results: {error.strerror}. Choose another one with --out."
        ) from error


def cannot_write(path: Path, error: Exception) -> str:
    """Words for a failed write."""
    said_by_torch = "unexpected pos" in str(error)  # its file writer's words for a write cut short
    if getattr(error, "errno", None) in FULL or said_by_torch:
        return (
            f"{path}: cannot be written: the disk is full, or a quota is reached. Free some space and run the same "
            "command again; nothing finished is lost."
        )
    return f"{path}: cannot be written: {error}. Is the folder writable, and is there space left?"


def write_text(path: Path, text: str) -> None:
    """Atomically. Bytes of file names that are no UTF-8 are written as escapes, which JSON reads back."""

    def write(temporary: Path) -> None:
        temporary.write_text(text, encoding="utf-8", errors="backslashreplace")

    write_atomically(path, write)


def write_bytes(path: Path, content: bytes) -> None:
    """Atomically."""

    def write(temporary: Path) -> None:
        temporary.write_bytes(content)

    write_atomically(path, write)


def write_json(path: Path, content: Any) -> None:
    """Atomically, indented."""
    write_text(path, json.dumps(content, indent=2, ensure_ascii=False) + "\n")


def read_json(path: Path, what: str) -> Any:
    """A JSON file.

    Raises:
        SSLKitError: missing or no JSON; ``what`` names it in the message.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SSLKitError(f"{path}: there is no such file; expected {what}.") from None
    except (OSError, ValueError) as error:
        raise SSLKitError(f"{path}: is not {what}: {error}.") from error


def write_npz(path: Path, arrays: Mapping[str, np.ndarray]) -> None:
    """Atomically, compressed."""

    def write(temporary: Path) -> None:
        with temporary.open("wb") as file:
            np.savez_compressed(file, **arrays)  # type: ignore[arg-type]

    write_atomically(path, write)


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Two programs never write into one folder; the lock goes with the process, however it ends."""
    make_folder(folder)
    try:
        file = (folder / ".lock").open("w")
    except OSError as error:
        raise SSLKitError(cannot_write(folder, error)) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SSLKitError(
                f"{folder}: another sslkit is at work in this folder. Wait for it, or use --out."
            ) from None
        yield
