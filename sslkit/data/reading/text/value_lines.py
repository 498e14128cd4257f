"""Which lines of a file of delimited text have values: the others are left out, and said."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from sslkit.data.reading.text.dialect import MISSING, PROBED, Dialect, blanks_to_tabs, fields, is_value
from sslkit.types import Note


def first_lines(content: bytes) -> list[str]:
    """Those that the dialect is recognised from."""
    end = -1
    for _ in range(PROBED):
        following = content.find(b"\n", end + 1)
        if following < 0:
            return content.decode().split("\n")
        end = following
    return content[:end].decode().split("\n")


def skipped_lines(lines: list[str], dialect: Dialect, path: Path) -> Iterator[Note]:
    """Lines before the values that were skipped, and names that were given."""
    if dialect.header_line is None:
        why = f"their columns are called {dialect.names[0]} … {dialect.names[-1]}"
        cure = "If there is one, set reading: {header: true}."
        yield Note("file(s) have no line of names", 1, which=(path.name,), why=why, cure=cure)
    skipped = [
        line.strip()
        for number, line in enumerate(lines[: dialect.first_line - 1], 1)
        if line.strip()
        and number != dialect.header_line
        and not line.lower().lstrip('"').startswith("sep=")
        and not (any(dialect.units) and number > (dialect.header_line or 0))
    ]
    if skipped:
        words = " / ".join(line[:40] for line in skipped[:3]) + (" …" if len(skipped) > 3 else "")
        yield Note(
            "line(s) before the values are not read", len(skipped), which=(path.name,), why=f"e.g. {words}"
        )


def value_lines(
    content: bytes, dialect: Dialect, lines: list[str], path: Path, notes: list[Note]
) -> tuple[bytes, np.ndarray | None]:
    """Lines of values without comments, empty lines, repeated headers and a last line cut off; and their numbers."""
    start = 0
    for _ in range(dialect.first_line - 1):
        start = content.find(b"\n", start) + 1
        if start == 0:
            start = len(content)
            break
    body = content[start:]
    header = lines[dialect.header_line - 1].strip().encode() if dialect.header_line else b"\0"
    single = len(dialect.names) == 1
    empty = b"" if single else rb"^[ \t;,|\"]*$|"
    marks = b"|".join(re.escape(mark.encode()) for mark in dialect.comments) or b"\0"
    unread = re.compile(empty + rb"^[ \t]*(?:" + marks + rb").*$|^[ \t]*" + re.escape(header) + rb"[ \t]*$")
    if body.endswith(b"\n\n"):
        body = body.rstrip(b"\n") + b"\n"
    numbers = None
    if re.compile(unread.pattern, re.MULTILINE).search(body, 0, max(0, len(body) - 1)):
        listed = body.split(b"\n")
        keep = np.array([unread.match(line) is None for line in listed[:-1]] + [True])
        again = sum(line.strip() == header for line in listed)
        count = int((~keep).sum())
        if again:
            notes.append(Note("line(s) repeat the line of names and are left out", again, which=(path.name,)))
        if count - again:
            notes.append(
                Note("line(s) are empty or comments and are left out", count - again, which=(path.name,))
            )
        numbers = np.flatnonzero(keep) + dialect.first_line
        body = b"\n".join(line for line, kept in zip(listed, keep, strict=True) if kept)
    body = _without_cut_off(body, dialect, path, notes)
    if dialect.separator == " ":
        body = b"\n".join(blanks_to_tabs(line.strip()).encode() for line in body.decode().split("\n"))
    return body, numbers


def _without_cut_off(body: bytes, dialect: Dialect, path: Path, notes: list[Note]) -> bytes:
    """A last line that has no end and fewer fields than others, or half a number, was being written."""
    end = body.rfind(b"\n")
    last = body[end + 1 :]
    if not last or end < 0 or last.count(b'"') % 2:
        return body
    own = fields(last.decode(), dialect.separator)
    above = fields(body[body.rfind(b"\n", 0, end) + 1 : end].decode(), dialect.separator)
    half = own[-1] not in MISSING[:-4] and not is_value(own[-1]) and is_value(above[-1])
    if len(own) < len(above) or half:
        what = "file(s) end in a line that is cut off, which is left out"
        notes.append(Note(what, 1, which=(path.name,), why=f"the last one is {last.decode()[:40]!r}"))
        return body[: end + 1]
    return body
