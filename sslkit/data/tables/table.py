"""Tables of recordings (delimited text, Parquet, Excel) → the columns that are asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sslkit.data.identifiers import NO_VALUE, canonical
from sslkit.data.reading.delimited import Delimited, parse_delimited, read_delimited
from sslkit.data.reading.text.dialect import Reading, tidy
from sslkit.data.reading.text.numbers import to_numbers
from sslkit.data.reading.text.signs import THOUSANDS
from sslkit.data.tables.workbook import read_sheet
from sslkit.errors import SSLKitError, in_a_line
from sslkit.types import Note

if TYPE_CHECKING:
    import pyarrow

ROWS_NAMED = 5


@dataclass(frozen=True)
class Table:
    """The columns of one file that were asked for.

    Args:
        path: of the file.
        name: of the file below the folder that was read.
        columns: as text, or typed where the file has types.
        line: row → the row as an editor (or Excel) counts it; in Parquet the first is 1.
        reading: as the user set it, with the decimal sign as it was recognised.
        words: how the file was read.
        units: column → unit, where the file says so.
    """

    path: Path
    name: str
    columns: dict[str, pyarrow.Array]
    line: Callable[[int], int] = field(repr=False)
    reading: Reading
    words: str
    units: dict[str, str] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))

    def numbers(self, name: str) -> np.ndarray:
        """A column as float64, NaN where there is no value.

        Raises:
            SSLKitError: it holds what is not a number; with the first of them and the row.
        """
        reading, column = self.reading, self.columns[name]
        missing = reading.get("missing", [])
        values, bad = to_numbers(column, reading.get("decimal", "."), reading.get("thousands", ""), missing)
        if len(bad):
            found = column[int(bad[0])].as_py()
            advice = f"If that means 'no value', set reading: {{missing: [{str(found)[:40]!r}]}}"
            if THOUSANDS.fullmatch(str(found)):
                advice = "If the comma is between thousands, set reading: {thousands: ','}"
            raise SSLKitError(
                f"{self.path}: column '{name}' holds what is not a number in {len(bad):,} of {len(values):,} rows, "
                f"first {str(found)[:40]!r} in row {self.line(int(bad[0]))}. {advice}; else correct it, or the list "
                "of channels."
            )
        return values

    def identifiers(self, name: str) -> np.ndarray:
        """A column as text in canonical form (``canonical``), ``""`` where there is no value."""
        coded = self.columns[name].dictionary_encode() if len(self) else self.columns[name]
        known = [canonical(value) for value in coded.dictionary.to_pylist()] + [""]
        places = coded.indices.fill_null(len(known) - 1).to_numpy(zero_copy_only=False)
        texts: np.ndarray = np.array(known, dtype=str)[places]
        return texts

    def names(self, name: str) -> np.ndarray:
        """A column of identifiers that each row must have.

        Raises:
            SSLKitError: rows have none.
        """
        texts = self.identifiers(name)
        empty = np.flatnonzero(np.isin(texts, NO_VALUE))
        if len(empty):
            rows = ", ".join(str(self.line(row)) for row in empty[:ROWS_NAMED].tolist())
            more = f" and {len(empty) - ROWS_NAMED:,} more" if len(empty) > ROWS_NAMED else ""
            value = texts[empty[0]]
            raise SSLKitError(
                f"{self.path}: column '{name}' is empty{f' ({value})' if value else ''} at row {rows}{more}. Each row "
                "belongs to somebody: fill it in, or leave these rows out."
            )
        return texts


def read_table(
    path: Path,
    names: Sequence[str] | None,
    reading: Reading | None = None,
    name: str = "",
    optional: Sequence[str] = (),
) -> Table:
    """Some columns of a file of delimited text, a Parquet file or an Excel workbook; only they are read. None: all.

    Those of them that are optional may be missing.

    Raises:
        SSLKitError: the file is no table or has no rows.
        MissingColumns: it lacks a column.
    """
    reading = reading or {}
    if optional and names is not None:
        try:
            return read_table(path, names, reading, name)
        except MissingColumns as error:
            if not set(error.missing) <= set(optional):
                raise
            return read_table(
                path, [wanted for wanted in names if wanted not in error.missing], reading, name
            )
    suffix = path.suffix.lower()
    if suffix in (".parquet", ".pq"):
        return _parquet(path, names, name or path.name, reading)
    if suffix in (".xlsx", ".xlsm"):
        text = read_sheet(path, reading.get("sheet"))
        found = parse_delimited(path, text, names or (), {"separator": "tab", **reading}, None)
    else:
        found = read_delimited(path, names or (), reading, names)
    return _of_text(
        found, [*filter(None, found.names)] if names is None else names, name or path.name, reading
    )


class MissingColumns(SSLKitError):
    """A file lacks columns."""

    def __init__(self, path: Path, missing: Sequence[str], present: Sequence[str]) -> None:
        self.path, self.missing, self.present = path, tuple(missing), tuple(filter(None, present))
        super().__init__(f"{path} has no column {', '.join(missing)}")


def _of_text(found: Delimited, names: Sequence[str], name: str, reading: Reading) -> Table:
    missing = [wanted for wanted in names if tidy(wanted) not in found.names]
    if missing:
        raise MissingColumns(found.path, missing, found.names)
    columns = {wanted: found.array(wanted) for wanted in names}
    signs: Reading = {"decimal": found.dialect.decimal, "thousands": found.dialect.thousands}
    merged: Reading = {**reading, **signs}
    return Table(found.path, name, columns, found.line, merged, found.words(), found.units(), found.notes)


def _parquet(path: Path, names: Sequence[str] | None, name: str, reading: Reading) -> Table:
    import pyarrow
    from pyarrow import parquet

    try:
        file = parquet.ParquetFile(path)
        present = {tidy(column): column for column in file.schema_arrow.names}
        names = list(present) if names is None else names
        missing = [wanted for wanted in names if tidy(wanted) not in present]
        if missing:
            raise MissingColumns(path, missing, list(present))
        table = file.read(columns=[present[tidy(wanted)] for wanted in names])
    except (pyarrow.ArrowException, OSError) as error:
        raise SSLKitError(
            f"{path}: the table cannot be read, it is truncated or corrupt ({in_a_line(error)})."
        ) from error
    if table.num_rows == 0:
        raise SSLKitError(f"{path}: the table has no rows.")
    columns = {wanted: _whole(table.column(present[tidy(wanted)])) for wanted in names}
    return Table(path, name, columns, lambda row: row + 1, reading, "Parquet")


def _whole(column: pyarrow.ChunkedArray) -> pyarrow.Array:
    import pyarrow

    array = column.combine_chunks()
    return array.chunk(0) if isinstance(array, pyarrow.ChunkedArray) else array
