"""Bytes of a text file, packed or not, in whatever encoding → UTF-8 with plain line ends, and what was found."""

from __future__ import annotations

import codecs
import gzip
import re
import zlib
from dataclasses import dataclass
from pathlib import Path

from sslkit.errors import SSLKitError, in_a_line
from sslkit.foreign import require_regular
from sslkit.types import Note

MARKS = (  # byte order marks; UTF-32's begins with UTF-16's
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
NO_TEXT = (  # how files begin that are no text
    (b"PK\x03\x04", "a zip file or an Excel workbook: name it .xlsx, or unpack it"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls): save it as .xlsx or CSV"),
    (b"PAR1", "Parquet: name it .parquet"),
    (b"\x89HDF", "HDF5: save its tables as Parquet or CSV"),
    (b"MATLAB 5.0", "a MATLAB file: save its tables as Parquet or CSV"),
    (b"SQLite format 3", "a data base: save its tables as Parquet or CSV"),
    (b"BZh", "packed by bzip2: unpack it"),
    (b"\xfd7zXZ", "packed by xz: unpack it"),
    (b"(\xb5/\xfd", "packed by zstd: unpack it"),
)
PROBED = 4096  # bytes that tell UTF-16 without a mark


@dataclass(frozen=True)
class Text:
    """A file's text.

    Args:
        content: UTF-8 without a mark, lines that end with ``\\n``.
        encoding: that the file is in, for messages: ``UTF-8``, ``UTF-16``, ``cp1252`` …
        notes: what was guessed or taken off.
    """

    content: bytes
    encoding: str
    notes: tuple[Note, ...] = ()


def read_text(path: Path, encoding: str | None = None) -> Text:
    """A text file, unpacked where it is gzip.

    The encoding is the one given; else that of the byte order mark; else UTF-16 where every other byte is 0; else UTF-8
    where all of it is; else cp1252, the one of Western European Windows, with a note.

    Raises:
        SSLKitError: it cannot be read, is no text, or is not in the encoding given.
    """
    raw = _unpacked(path)
    for start, what in NO_TEXT:
        if raw.startswith(start):
            raise SSLKitError(f"{path} is not text but {what}.")
    notes: list[Note] = []
    content, name = _decoded(raw, path, encoding, notes)
    if b"\0" in content:
        if b"\0" in content.rstrip(b"\0"):
            line = content.count(b"\n", 0, content.index(b"\0")) + 1
            raise SSLKitError(f"{path}, row {line}: has bytes that are 0: it is no text, or damaged.")
        content = content.rstrip(b"\0")
        notes.append(Note("file(s) end in bytes that are 0, which are left out", 1, which=(path.name,)))
    if b"\r" in content:
        content = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return Text(content, name, tuple(notes))


def _unpacked(path: Path) -> bytes:
    try:
        raw = require_regular(path).read_bytes()
        return gzip.decompress(raw) if raw.startswith(b"\x1f\x8b") else raw
    except (OSError, EOFError, zlib.error) as error:
        raise SSLKitError(
            f"{path}: cannot be read, it is truncated or corrupt ({in_a_line(error)})."
        ) from error


def _decoded(raw: bytes, path: Path, given: str | None, notes: list[Note]) -> tuple[bytes, str]:
    """As UTF-8 without a mark, and the encoding's name."""
    mark, name = next(((mark, name) for mark, name in MARKS if raw.startswith(mark)), (b"", _wide(raw)))
    try:
        if given is not None:
            return raw.decode(given).removeprefix("\ufeff").encode(), given
        if name is not None:
            text = raw[len(mark) :].decode(name)
            return text.encode(), name.upper().removesuffix("-LE").removesuffix("-BE")
    except LookupError:
        known = "E.g. utf-8, cp1252, latin-1, utf-16."
        raise SSLKitError(f"reading.encoding: there is no encoding '{given}'. {known}") from None
    except UnicodeError as error:
        said = (
            f"is not in the encoding {given}" if given else f"begins like {name} but is truncated or corrupt"
        )
        raise SSLKitError(f"{path} {said} ({in_a_line(error)}).") from error
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return _western(raw, path, notes)
    return raw, "UTF-8"


def _western(raw: bytes, path: Path, notes: list[Note]) -> tuple[bytes, str]:
    """cp1252, or Latin-1 where it has bytes that cp1252 has not; with some words, for a reader to judge."""
    try:
        text, name = raw.decode("cp1252"), "cp1252"
    except UnicodeDecodeError:
        text, name = raw.decode("latin-1"), "latin-1"
    words = dict.fromkeys(re.findall(r"[^\s,;|\"]*[^\x00-\x7f][^\s,;|\"]*", text[:2_000_000]))
    why = f"they are not UTF-8; so they have words like {', '.join([*words][:3])}"
    cure = "If these look wrong, set reading: {encoding: …}."
    notes.append(Note(f"file(s) are read as {name}", 1, which=(path.name,), why=why, cure=cure))
    return text.encode(), name


def _wide(raw: bytes) -> str | None:
    """UTF-16 without a mark: Latin text has a 0 in every other byte."""
    start = raw[:PROBED]
    for first, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        half, other = start[first::2], start[1 - first :: 2]
        if len(half) > 1 and half.count(0) > 0.6 * len(half) and other.count(0) < 0.1 * len(other):
            return name
    return None
