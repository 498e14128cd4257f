"""A run's files, as far as they are there: a missing file is empty, a cut-off one gives what is whole."""

from __future__ import annotations

import csv
import json
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from sslkit.errors import SSLKitError

Row = dict[str, Any]  # a line of results.csv: seed and draw int, value float, the rest text


def json_object(path: Path) -> dict[str, Any]:
    """A JSON object; empty where the file is missing."""
    if not path.is_file():
        return {}
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise SSLKitError(
            f"report: {path} is no JSON ({error}). Delete it and run the comparison again."
        ) from error
    return found if isinstance(found, dict) else {}


def json_lines(path: Path) -> list[dict[str, float]]:
    """All whole lines; a last line that was cut off by a kill is left out."""
    lines = []
    if path.is_file():
        for text in path.read_text(encoding="utf-8", errors="replace").splitlines():
            try:
                line = json.loads(text)
            except ValueError:
                continue
            if isinstance(line, dict):
                lines.append({key: value for key, value in line.items() if isinstance(value, int | float)})
    return lines


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
            "data": str(line["data"]),
            "objective": str(line["objective"]),
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
        with np.load(path, allow_pickle=False) as arrays:
            return {name: arrays[name] for name in arrays.files}
    except (OSError, ValueError, EOFError, KeyError, zipfile.BadZipFile, zlib.error):
        return {}
