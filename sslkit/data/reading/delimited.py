"""Delimited text (CSV, TSV, lists with blanks …, packed or not) → columns of text, whatever dialect it is in.

Use it so, for tables of recordings and for manifests alike::

    table = read_delimited(path, wanted=["path"])       # wanted: names that tell the header from other lines
    table.names                                         # of all columns, tidied: ("path", "label", "fold")
    table.text("label")                                 # numpy array of str, blanks around values taken off
    table.array("x")                                    # the same as pyarrow's strings (numbers: text/numbers.py)
    table.line(7)                                       # the line of row 7 as an editor counts, header included
    table.dialect, table.encoding, table.words()        # what was recognised; words() in one line
    table.notes                                         # what was guessed, skipped or dropped

Errors name the file, the row as an editor counts it, the reason and the setting that helps.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sslkit.data.reading.text.dialect import COMMENTS, Dialect, Reading, fields, recognise, tidy
from sslkit.data.reading.text.encoding import Text, read_text
from sslkit.data.reading.text.value_lines import first_lines, skipped_lines, value_lines
from sslkit.errors import SSLKitError, did_you_mean
from sslkit.types import Note

if TYPE_CHECKING:
    import pyarrow

NAMED = 10  # bad rows that a message names
UNIT_SEPARATOR = "\x1f"  # stands for "no separator": a file of one column


@dataclass(frozen=True)
class Delimited:
    """A file of delimited text, its columns as text."""

    path: Path
    dialect: Dialect
    encoding: str
    names: tuple[str, ...]
    table: pyarrow.Table = field(repr=False)  # columns "0", "1" …
    body: bytes = field(repr=False)  # lines of values, as parsed
    numbers: np.ndarray | None = field(
        repr=False
    )  # of these lines, as an editor counts; None: one after the other
    notes: tuple[Note, ...] = ()

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def array(self, name: str) -> pyarrow.Array:
        """A column as pyarrow strings, blanks around values taken off.

        Raises:
            SSLKitError: there is no such column, or several.
        """
        import pyarrow.compute as pc

        places = [place for place, known in enumerate(self.names) if known == tidy(name)]
        if len(places) > 1:
            raise SSLKitError(f"{self.path} has several columns '{name}'. Rename all but one.")
        if not places:
            require_column(tidy(name), [*filter(None, self.names)], str(self.path))
        return pc.utf8_trim_whitespace(self.table.column(str(places[0])).combine_chunks())

    def text(self, name: str) -> np.ndarray:
        """A column as numpy text."""
        return np.array(self.array(name).to_pylist(), dtype=str)

    def line(self, row: int) -> int:
        """The line that a row begins in, as an editor counts it."""
        return self._lines[row] if self._lines is not None else self._number(row)

    def units(self) -> dict[str, str]:
        """Column → unit, where a line below the header has units."""
        return {
            name: unit.strip("[]() ")
            for name, unit in zip(self.names, self.dialect.units, strict=False)
            if unit.strip("-")
        }

    def words(self) -> str:
        """How it was read, in a line."""
        return f"{self.encoding}, {self.dialect.words()}"

    def _number(self, line: int) -> int:
        return self.dialect.first_line + line if self.numbers is None else int(self.numbers[line])

    @cached_property
    def _lines(self) -> list[int] | None:
        """Where values span lines; None where each row is a line."""
        if b'"' not in self.body or self.body.rstrip(b"\n").count(b"\n") + 1 == len(self):
            return None
        begins, last = [], 0
        reader = csv.reader(StringIO(self.body.decode()), delimiter=_delimiter(self.dialect))
        for row in reader:
            if row:
                begins.append(self._number(last))
            last = reader.line_num
        return begins


def require_column(name: str, columns: Sequence[str], where: str) -> None:
    """Raise if a table has no such column.

    Raises:
        SSLKitError: with the nearest name and all there are.
    """
    if name not in columns:
        raise SSLKitError(
            f"{where} has no column '{name}'. {did_you_mean(name, columns)} It has: {', '.join(columns)}."
        )


def read_delimited(
    path: Path,
    wanted: Collection[str] = (),
    reading: Reading | None = None,
    columns: Collection[str] | None = None,
) -> Delimited:
    """A file of delimited text.

    Args:
        path: the file; gzip is unpacked.
        wanted: names of columns that tell its header, if they are there.
        reading: what the user says of its dialect; else it is recognised (``dialect.recognise``).
        columns: those to read, default all.

    Raises:
        SSLKitError: no text, no rows, rows with more or fewer fields than the others.
    """
    reading = reading or {}
    return parse_delimited(path, read_text(path, reading.get("encoding")), wanted, reading, columns)


def parse_delimited(
    path: Path, text: Text, wanted: Collection[str], reading: Reading, columns: Collection[str] | None
) -> Delimited:
    """As ``read_delimited``, of text that is read already."""
    lines = first_lines(text.content)
    dialect = recognise(lines, wanted, reading, str(path))
    notes = [*text.notes, *skipped_lines(lines, dialect, path)]
    body, numbers = value_lines(text.content, dialect, lines, path, notes)
    names, width = _fitted(dialect, body, path, notes)
    kept = {tidy(name) for name in columns} if columns is not None else set(names)
    table, bad = _parsed(body, width, [str(i) for i, name in enumerate(names) if name in kept], dialect)
    result = Delimited(path, dialect, text.encoding, names, table, body, numbers, tuple(notes))
    if bad:
        raise SSLKitError(_bad_rows(result, width))
    if not len(result):
        raise SSLKitError(f"{path}: the table has no rows.")
    return result


def _fitted(dialect: Dialect, body: bytes, path: Path, notes: list[Note]) -> tuple[tuple[str, ...], int]:
    """The columns' names and the fields of a row, where one separator more or less is meant."""
    names = dialect.names
    first = fields(body.partition(b"\n")[0].decode(), dialect.separator) if body else list(names)
    if len(first) == len(names) + 1:
        if first[-1] == "":
            return (*names, ""), len(first)
        notes.append(
            Note(
                "file(s) begin each row with a field that has no name and is taken for the row's",
                1,
                which=(path.name,),
                why="the header has one name less than rows have fields",
                cure="Give each column a name if it is not.",
                warning=True,
            )
        )
        return ("", *names), len(first)
    if len(first) == len(names) - 1 and names[-1] == "":
        return names[:-1], len(first)
    return names, len(names)


def _delimiter(dialect: Dialect) -> str:
    if len(dialect.names) == 1 and dialect.separator == " ":
        return UNIT_SEPARATOR
    return "\t" if dialect.separator == " " else dialect.separator


def _parsed(
    body: bytes, width: int, kept: list[str], dialect: Dialect
) -> tuple[pyarrow.Table, list[pyarrow.csv.InvalidRow]]:
    import pyarrow
    from pyarrow import csv as pyarrow_csv

    names = [str(number) for number in range(width)]
    bad: list[pyarrow_csv.InvalidRow] = []

    def skip(row: pyarrow_csv.InvalidRow) -> str:
        bad.append(row)
        return "skip"

    if not body.strip(b"\n"):
        return pyarrow.table({name: pyarrow.array([], pyarrow.string()) for name in kept}), bad
    longest = max(1 << 20, 2 * max(map(len, body[: 1 << 22].split(b"\n"))))
    table = pyarrow_csv.read_csv(
        pyarrow.BufferReader(body),
        pyarrow_csv.ReadOptions(column_names=names, block_size=min(longest, 1 << 30)),
        pyarrow_csv.ParseOptions(
            delimiter=_delimiter(dialect),
            newlines_in_values=b'"' in body,
            ignore_empty_lines=width > 1,
            invalid_row_handler=skip,
        ),
        pyarrow_csv.ConvertOptions(
            column_types={name: pyarrow.string() for name in names},
            include_columns=kept,
            strings_can_be_null=False,
            check_utf8=False,
        ),
    )
    return table, bad


def _bad_rows(table: Delimited, width: int) -> str:
    """The message on rows that have not as many fields as there are columns."""
    reader = csv.reader(StringIO(table.body.decode()), delimiter=_delimiter(table.dialect))
    found, begin = [], 0
    for row in reader:
        if row and len(row) != width:
            found.append((table._number(begin), len(row), ",".join(row)[:60]))
        begin = reader.line_num
    shown = "; ".join(f"row {number} has {count} ({text!r})" for number, count, text in found[:3])
    rows = ", ".join(str(number) for number, *_ in found[3:NAMED])
    more = f"; also row(s) {rows}" if rows else ""
    more += f" and {len(found) - NAMED} more" if len(found) > NAMED else ""
    comment = next((c for c in COMMENTS if any(text.startswith(c) for *_, text in found)), None)
    advice = f" Are they comments? Set reading: {{comment: '{comment}'}}." if comment else ""
    return (
        f"{table.path}: {len(found)} row(s) have not {width} fields as the table has columns: {shown}{more}. The "
        f"file is truncated or corrupt, or it is written otherwise than it was read ({table.words()}): mend these "
        f"rows, or set reading: {{separator, header, skip, comment}}.{advice}"
    )
