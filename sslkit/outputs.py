"""Where a user names that something is written: nothing that is read, and nothing that is not ours, is written over."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable
from pathlib import Path

from sslkit.errors import SSLKitError
from sslkit.files import LOCK, cannot_write, is_leftover
from sslkit.foreign import home_path


def output_file(path: Path, inputs: Iterable[Path], is_ours: Callable[[Path], bool], force: bool) -> Path:
    """Where a file that the user names is written: behind links, which stay what they are.

    Args:
        path: as the user gives it.
        inputs: files and folders that are read for it; none of their files may be replaced, by whatever name.
        is_ours: whether a file that stands there is of the kind that will be written, and so may be replaced.
        force: replace one of another kind too.

    Raises:
        SSLKitError: a folder, a device or a pipe, something that is read, or a file of another kind.
    """
    path = home_path(path)
    try:
        found = path.stat()
    except FileNotFoundError:
        return Path(os.path.realpath(path))
    except OSError as error:
        raise SSLKitError(cannot_write(path, error)) from error
    if not stat.S_ISREG(found.st_mode):
        kind = "a folder" if stat.S_ISDIR(found.st_mode) else "a device or a pipe"
        raise SSLKitError(f"{path}: is {kind}, and is not written over. Name a file with -o.")
    for given in inputs:
        if any(_is(file, found) for file in ([given, *given.rglob("*")] if given.is_dir() else [given])):
            raise SSLKitError(
                f"{path}: is read by this command ({given}), and is not written over. Name another file with -o."
            )
    if found.st_size and not force and not is_ours(path):
        raise SSLKitError(
            f"{path}: is there already, and is no file that this command writes. Name another one with -o, or replace "
            "it with --force."
        )
    return Path(os.path.realpath(path))


def _is(file: Path, found: os.stat_result) -> bool:
    try:
        return os.path.samestat(file.stat(), found)
    except OSError:
        return False


def require_own_folder(folder: Path, mark: str) -> None:
    """A folder that the user names for results is new, empty, or has a file that says that it is ours.

    Args:
        folder: which may not be there yet.
        mark: a file that stands in every folder of ours.

    Raises:
        SSLKitError: it is a file, or holds other files.
    """
    if not folder.exists() or (folder / mark).exists():
        return
    if not folder.is_dir():
        raise SSLKitError(f"{folder}: is no folder. Choose another one with --out.")
    others = sorted(entry.name for entry in folder.iterdir() if entry.name != LOCK and not is_leftover(entry))
    if others:
        names = ", ".join(others[:3]) + (f" and {len(others) - 3} more" if len(others) > 3 else "")
        raise SSLKitError(
            f"{folder} holds files ({names}), but no {mark} of sslkit. Choose another folder with --out."
        )
