"""Files are written to a temporary name and renamed: whoever reads one finds the old or the new, never a half."""

from __future__ import annotations

import errno
import json
import os
import re
import secrets
import stat
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock, Timeout

from sslkit.errors import SSLKitError
from sslkit.foreign import parse_json

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
PATIENCE_SECONDS, PAUSE_SECONDS = 5.0, 0.05  # until a file that another program has open may be replaced
LOCK = ".lock"
LONGEST_FILE = 44  # letters of what a run writes: .encoder.safetensors.0123abcd.tmp, and some for a trial
LEFTOVER = re.compile(r"\..+\.[0-9a-f]+\.tmp", re.DOTALL)  # before 0.2 with the number of the process


def write_atomically(path: Path, write: Callable[[Path], None]) -> None:
    """Call ``write`` with a temporary path beside ``path``, flush it to the disk, and rename it.

    Windows replaces no file that another program has open: it is tried again for some seconds, until a reader is done.

    Raises:
        SSLKitError: the disk is full, the folder cannot be written, or the file stays open elsewhere.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    made = False
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))  # follows no link
        made = True
        write(temporary)
        with open(temporary, "r+b") as file:  # Windows flushes only what may be written
            os.fsync(file.fileno())
        _patiently(lambda: os.replace(temporary, path))
    except (OSError, RuntimeError) as error:  # torch.save reports a failed write as RuntimeError
        raise SSLKitError(cannot_write(path, error)) from error
    finally:
        if made:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)


def _patiently(action: Callable[[], None]) -> None:
    """Try again while another program has the file open, which Windows refuses as if it were not allowed."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return action()
        except PermissionError:
            if time.monotonic() >= deadline:
                raise
            time.sleep(PAUSE_SECONDS)


def remove_file(path: Path) -> None:
    """Where it is there.

    Raises:
        SSLKitError: it may not be removed, or stays open in another program (Windows).
    """
    try:
        _patiently(lambda: path.unlink(missing_ok=True))
    except OSError as error:
        raise SSLKitError(f"{path}: cannot be removed: {error}. Is it open in another program?") from error


def remove_leftovers(folder: Path) -> None:
    """Temporary files, in the folder and below, of a run that was killed while it wrote."""
    for temporary in folder.rglob(".*.tmp"):
        if is_leftover(temporary):
            remove_file(temporary)


def is_leftover(path: Path) -> bool:
    """A temporary file of ours, by its name."""
    return LEFTOVER.fullmatch(path.name) is not None and not path.is_dir()


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


def try_folder(folder: Path) -> None:
    """Whether a run's files would find room behind a folder's path: said before the training, not after it.

    Raises:
        SSLKitError: the path is too long for this system.
    """
    probe = folder / ("x" * LONGEST_FILE)
    try:
        made = not folder.exists()
        folder.mkdir(parents=True, exist_ok=True)
        probe.touch()
    except OSError as error:
        raise SSLKitError(
            f"{folder}: files cannot be made there: {error.strerror}. Their paths would have up to "
            f"{len(str(probe.absolute()))} letters: choose a shorter one with --out, or shorter names. (Windows takes "
            "259, and more where long paths are switched on.)"
        ) from error
    probe.unlink()
    if made:
        folder.rmdir()


def cannot_write(path: Path, error: Exception) -> str:
    """Words for a failed write."""
    said_by_torch = "unexpected pos" in str(error)  # its file writer's words for a write cut short
    if getattr(error, "errno", None) in FULL or said_by_torch:
        return (
            f"{path}: cannot be written: the disk is full, or a quota is reached. Free some space and run the same "
            "command again; nothing finished is lost."
        )
    if isinstance(error, PermissionError) and error.filename2 is not None:  # of a renaming
        return (
            f"{path}: cannot be replaced: {error.strerror}. Is it open in another program, or read-only? Close it, and "
            "run the same command again; nothing finished is lost."
        )
    return f"{path}: cannot be written: {error}. Is the folder writable, and is there space left?"


def write_text(path: Path, text: str) -> None:
    """Atomically, with the same bytes on every system: UTF-8, and lines that end in a line feed.

    Bytes of file names that are no UTF-8 are written as escapes, which JSON reads back.
    """

    def write(temporary: Path) -> None:
        temporary.write_text(text, encoding="utf-8", errors="backslashreplace", newline="\n")

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
        return parse_json(path, what)
    except FileNotFoundError:
        raise SSLKitError(f"{path}: there is no such file; expected {what}.") from None


def write_npz(path: Path, arrays: Mapping[str, np.ndarray]) -> None:
    """Atomically, compressed."""

    def write(temporary: Path) -> None:
        with temporary.open("wb") as file:
            np.savez_compressed(file, **arrays)  # type: ignore[arg-type]

    write_atomically(path, write)


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Two programs never write into one folder; the lock goes with the process, however it ends.

    It is the system's own lock on the file ``.lock``: one that a killed process left lying there locks nothing.

    Raises:
        SSLKitError: another process has it, or the folder cannot be written or locked.
    """
    make_folder(folder)
    _check_lock(folder / LOCK)
    lock = FileLock(folder / LOCK)
    try:
        lock.acquire(blocking=False)
    except Timeout:
        raise SSLKitError(
            f"{folder}: another sslkit is at work in this folder. Wait for it, or use --out."
        ) from None
    except (OSError, NotImplementedError) as error:  # a file system without locks
        raise SSLKitError(cannot_write(folder, error)) from error
    try:
        yield
    finally:
        lock.release()


def _check_lock(path: Path) -> None:
    """A lock is opened, and emptied by some versions of ``filelock``: nothing of anybody may stand there."""
    try:
        found = path.lstat()
    except FileNotFoundError:
        return
    except OSError as error:
        raise SSLKitError(cannot_write(path, error)) from error
    if not stat.S_ISREG(found.st_mode) or found.st_nlink > 1 or found.st_size:
        raise SSLKitError(
            f"{path}: cannot be written: it is a link, or holds something, and so is no lock of sslkit. Look at it, "
            "and remove it or use --out."
        )
