"""Finished cells → ``results.csv``."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sslkit.comparison.cells import cells_of, read_result
from sslkit.config import Study
from sslkit.files import write_text

COLUMNS = ("data", "objective", "seed", "evaluator", "labels_per_class", "draw", "metric", "value")


def finished_results(study: Study, folder: Path) -> list[dict[str, Any]]:
    """``result.json`` of every finished cell, in the study's order."""
    found = []
    for experiment in study.experiments:
        for cell in cells_of(experiment):
            result = read_result(folder / experiment.name / cell.folder_name)
            if result is not None:
                found.append(result)
    return found


def write_results(results: Iterable[dict[str, Any]], path: Path) -> None:
    """One line a figure."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for result in results:
        for row in result["rows"]:
            position = {"data": result["data"], "objective": result["objective"], "seed": result["seed"]}
            writer.writerow({**position, **row})
    write_text(path, text.getvalue())
