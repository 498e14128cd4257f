"""A run's files, as far as they are there: a missing file is empty, a cut-off one gives what is whole."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from sslkit.errors import SSLKitError
from sslkit.foreign import cell_name
from sslkit.npz_files import read_all
from sslkit.records import Record, read_record, whole_letters

MOST_STEPS = 2**53
Row = dict[str, Any]  # a line of results.csv: seed and draw int, value float, the rest text


def record(path: Path, schema: type[Record]) -> dict[str, Any]:
    """A JSON file of a run, held against its schema; empty where the file is missing."""
    return dict(whole_letters(read_record(path, schema))) if path.exists() else {}


def json_lines(path: Path) -> list[dict[str, float]]:
    """All whole lines; a last line that was cut off by a kill is left out."""
    lines = []
    if path.is_file():
        for text in path.read_text(encoding="utf-8", errors="replace").splitlines():
            try:
                line = json.loads(text)
            except (ValueError, RecursionError):
                continue
            if isinstance(line, dict) and _is_step(line.get("step", 0)):
                lines.append({key: value for key, value in line.items() if isinstance(value, int | float)})
    return lines


def _is_step(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_STEPS


def csv_rows(path: Path) -> list[Row]:
    """The lines of ``results.csv``."""
    if not path.is_file():
        return []
    try:
        with path.open(newline="", encoding="utf-8") as file:
            return [result_row(line, path) for line in csv.DictReader(file)]
    except (UnicodeDecodeError, csv.Error) as error:
        raise SSLKitError(
            f"report: {path} is no CSV ({error}). Delete it and run the comparison again."
        ) from error


def result_row(line: Mapping[str, Any], path: Path) -> Row:
    """One line with its types checked; ``path`` is named where it is wrong."""
    try:
        return {
            "data": cell_name(str(line["data"])),
            "objective": cell_name(str(line["objective"])),
            "seed": int(line["seed"]),
            "evaluator": str(line["evaluator"]),
            "labels_per_class": str(line["labels_per_class"]),
            "draw": int(line.get("draw") or 0),
            "metric": str(line["metric"]),
            "value": float(line["value"]),
        }
    except (KeyError, TypeError, ValueError) as error:
        raise SSLKitError(
            f"report: {path} has a row that cannot be read ({error!r}): {dict(line)}."
        ) from error


def load_arrays(path: Path) -> dict[str, np.ndarray]:
    """An ``.npz`` as a dict; empty where the file is missing or was cut off while it was written."""
    if not path.is_file():
        return {}
    try:
        return dict(read_all(path))
    except (OSError, ValueError):
        return {}


def numbers_of(arrays: Mapping[str, np.ndarray], name: str, ndim: int | None = None) -> np.ndarray | None:
    """The array where it is one of real numbers, of ``ndim`` axes and not empty; None where it is not there or else."""
    found = arrays.get(name)
    good = found is not None and found.dtype.kind in "biuf" and found.size and ndim in (None, found.ndim)
    return found if good else None
