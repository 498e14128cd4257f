"""Files that a user or a stranger gave are opened only where they are plain files, of a fitting size."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from pathlib import Path
from typing import Any

from sslkit.errors import SSLKitError

JSON_BYTES = 256 * 1024**2  # more than the largest result of a run by far
MOST_DIGITS = 20  # of 64 bits, with a sign
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet takes for the start of a formula


def home_path(text: str | Path) -> Path:
    """A path as a user writes it, ``~`` and ``~name`` resolved.

    Raises:
        SSLKitError: there is no such user, or the path has a byte that is 0.
    """
    _require_path(text)
    try:
        return Path(text).expanduser()
    except RuntimeError as error:
        raise SSLKitError(f"{text}: there is no such user's folder. Write the path in full.") from error


def _require_path(text: str | Path) -> None:
    try:
        os.fsencode(text)
    except UnicodeEncodeError as error:
        raise SSLKitError(
            f"{str(text)!a}: half a letter (a surrogate) is in this path. Correct it."
        ) from error
    if "\0" in str(text):
        raise SSLKitError(f"{str(text)!r}: a path cannot have a byte that is 0. Correct it.")


def require_regular(path: Path) -> Path:
    """The path itself, looked at but not opened: a pipe would never end, and a device may be without end.

    Raises:
        SSLKitError: a pipe, a device or a socket. What is not there, and a folder, is left to the reader to say.
    """
    _require_path(path)
    try:
        mode = os.stat(path).st_mode
    except OSError:
        return path
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        raise SSLKitError(f"{path}: is no regular file (a pipe, a device or a socket). Give a file's path.")
    return path


def given_path(text: str | Path) -> Path:
    """A file's or folder's path as a user writes it, to be read.

    Raises:
        SSLKitError: as ``home_path`` and ``require_regular``.
    """
    return require_regular(home_path(text))


def require_size(path: Path, most: int, what: str) -> Path:
    """The path of a regular file that is not larger than ``most`` bytes.

    Raises:
        SSLKitError: no regular file, or a larger one.
    """
    require_regular(path)
    try:
        size = path.stat().st_size
    except OSError:
        return path
    if size > most:
        raise SSLKitError(
            f"{path}: has {size:,} bytes; {what} has at most {most:,}. Is it another file, or damaged?"
        )
    return path


def file_digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal digits."""
    with require_regular(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def parse_json(path: Path, what: str) -> Any:
    """What a JSON file holds.

    Raises:
        FileNotFoundError: there is none.
        SSLKitError: no regular file, too large, too deep, or no JSON; ``what`` names it in the message.
    """
    require_size(path, JSON_BYTES, what)
    try:
        return json.loads(path.read_text(encoding="utf-8"), parse_int=_whole_number)
    except FileNotFoundError:
        raise
    except RecursionError as error:
        raise SSLKitError(
            f"{path}: is not {what}: it is nested too deeply. Copy the file again from where it came."
        ) from error
    except (OSError, ValueError) as error:
        raise SSLKitError(
            f"{path}: is not {what}: it is no JSON ({error}). Copy the file again, or delete it and run again."
        ) from error


def _whole_number(text: str) -> int:
    if len(text) > MOST_DIGITS:
        raise ValueError(f"a whole number of {len(text)} digits")
    return int(text)


def safe_cell(value: Any) -> Any:
    """A name for a cell of a CSV: one that a spreadsheet would take for a formula gets an apostrophe before it.

    A name that begins with apostrophes before such a letter gets one more, so that ``cell_name`` gives every name back.
    Whatever is no text stays as it is.
    """
    if isinstance(value, str) and value.lstrip("'").startswith(FORMULA):
        return f"'{value}"
    return value


def cell_name(cell: str) -> str:
    """The name that ``safe_cell`` wrote."""
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(FORMULA) else cell
