"""CSV and Parquet files → columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sslkit.errors import SSLKitError, did_you_mean

TABLE_SUFFIXES = (".csv", ".parquet")


def table_files(path: str) -> list[Path]:
    """The file itself, or the tables of a folder in the order of their names.

    Raises:
        SSLKitError: there is none.
    """
    root = Path(path).expanduser()
    if root.is_file():
        return [root]
    if not root.is_dir():
        raise SSLKitError(f"{root}: there is no such file or folder.")
    files = sorted(
        f for f in root.iterdir() if f.suffix.lower() in TABLE_SUFFIXES and not f.name.startswith(".")
    )
    if not files:
        raise SSLKitError(f"{root} has no table ({', '.join(TABLE_SUFFIXES)}).")
    return files


@dataclass(frozen=True)
class Table:
    """The columns of one file that were asked for."""

    path: Path
    columns: dict[str, np.ndarray]

    def numbers(self, name: str) -> np.ndarray:
        """A column as float64, NaN where empty.

        Raises:
            SSLKitError: it holds text.
        """
        column = self.columns[name]
        if column.dtype.kind in "biuf":
            return column.astype(np.float64)
        try:
            return np.array([np.nan if value is None else float(value) for value in column.tolist()])
        except (TypeError, ValueError) as error:
            raise SSLKitError(
                f"{self.path}: column '{name}' holds what is not a number ({error})."
            ) from error

    def names(self, name: str) -> np.ndarray:
        """A column as text.

        Raises:
            SSLKitError: a row is empty.
        """
        column = self.columns[name]
        empty = [value is None or value != value or value == "" for value in column.tolist()]
        if any(empty):
            raise SSLKitError(f"{self.path}: column '{name}' is empty at row {empty.index(True)}.")
        return column.astype(str)

    def seconds(self, name: str) -> np.ndarray:
        """A time column: numbers as they are, timestamps in seconds."""
        column = self.columns[name]
        if column.dtype.kind == "M":
            return (column - column[0]) / np.timedelta64(1, "s") if len(column) else np.empty(0)
        return self.numbers(name)


def read_table(path: Path, names: Sequence[str]) -> Table:
    """Some columns of a CSV or Parquet file.

    Raises:
        SSLKitError: the file is no table, has no rows, or lacks a column.
    """
    import pyarrow
    from pyarrow import csv, parquet

    try:
        table = parquet.read_table(path) if path.suffix.lower() == ".parquet" else csv.read_csv(path)
        present = table.column_names
    except (pyarrow.ArrowException, OSError, UnicodeDecodeError) as error:
        raise SSLKitError(
            f"{path}: the table cannot be read, it is truncated or corrupt ({error})."
        ) from error
    for name in names:
        require_column(name, present, str(path))
        if present.count(name) > 1:
            raise SSLKitError(f"{path} has several columns '{name}'. Rename all but one.")
    if table.num_rows == 0:
        raise SSLKitError(f"{path}: the table has no rows.")
    return Table(path, {name: table.column(name).to_numpy() for name in names})


def require_column(name: str, columns: Sequence[str], where: str) -> None:
    """Raise if a table has no such column.

    Raises:
        SSLKitError: with the nearest name and all there are.
    """
    if name not in columns:
        raise SSLKitError(
            f"{where} has no column '{name}'. {did_you_mean(name, columns)} It has: {', '.join(columns)}."
        )
