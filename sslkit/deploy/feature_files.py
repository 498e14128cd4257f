"""Features with where they come from → a file of arrays or a table."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sslkit.errors import SSLKitError
from sslkit.files import write_atomically, write_npz
from sslkit.foreign import safe_cell

if TYPE_CHECKING:
    import pandas

FEATURES = "features"
KINDS = (".npz", ".csv", ".parquet")


def check_kind(path: Path) -> None:
    """Before the work is done.

    Raises:
        SSLKitError: an ending that nobody writes.
    """
    if path.suffix.lower() not in KINDS:
        raise SSLKitError(
            f"{path}: features are written as {', '.join(KINDS)}; give the file one of these endings."
        )


def is_feature_file(path: Path) -> bool:
    """Whether ``write_features`` may have written it."""
    try:
        if path.suffix.lower() == ".npz":
            with zipfile.ZipFile(path) as archive:
                return f"{FEATURES}.npy" in archive.namelist()
        if path.suffix.lower() == ".csv":
            with path.open("rb") as file:
                return b"feature_0" in file.readline(1_000_000)
        import pyarrow.parquet

        return "feature_0" in pyarrow.parquet.read_schema(path).names
    except (OSError, ValueError, zipfile.BadZipFile):
        return False


def write_features(path: Path, columns: Mapping[str, np.ndarray]) -> None:
    """Atomically, as the ending says: ``.npz`` has the columns as arrays; ``.csv`` and ``.parquet`` have a row for each
    sample, and ``feature_0``, ``feature_1`` … for the columns of ``features``.
    In ``.csv``, names that a spreadsheet would take for formulas begin with an apostrophe.

    Args:
        path: of the file.
        columns: as ``sslkit.embed`` gives them.

    Raises:
        SSLKitError: another ending, or a file that cannot be written.
    """
    check_kind(path)
    kind = path.suffix.lower()
    if kind == ".npz":
        write_npz(path, {name: _plain(column) for name, column in columns.items()})
        return
    table = _table(columns)
    if kind == ".csv":
        for name in table.columns:
            if table[name].dtype == object or table[name].dtype.kind not in "biufc":
                table[name] = [safe_cell(value) for value in table[name]]
        write_atomically(path, lambda file: table.to_csv(file, index=False, lineterminator="\n"))
    else:
        write_atomically(path, lambda file: table.to_parquet(file, index=False))


def _plain(column: np.ndarray) -> np.ndarray:
    """Text as such, for ``.npz`` files hold no Python objects."""
    return column.astype(str) if column.dtype == object else column


def _table(columns: Mapping[str, np.ndarray]) -> pandas.DataFrame:
    import pandas

    known = pandas.DataFrame({name: column for name, column in columns.items() if name != FEATURES})
    features = columns[FEATURES]
    names = [f"feature_{number}" for number in range(features.shape[1])]
    return pandas.concat([known, pandas.DataFrame(features, columns=names)], axis=1)
