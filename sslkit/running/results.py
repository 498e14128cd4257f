"""Finished runs → ``results.csv``."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sslkit.config import value_text
from sslkit.files import write_text
from sslkit.foreign import safe_cell
from sslkit.running.plan import PlannedRun
from sslkit.running.runs import read_result

COLUMNS = ("data", "objective", "seed", "evaluator", "labels_per_class", "draw", "metric", "value")


def finished_results(planned: Iterable[PlannedRun]) -> list[dict[str, Any]]:
    """``result.json`` of every finished run, in the study's order; a run that members share stands at each."""
    found = []
    for item in planned:
        result = read_result(item.folder)
        if result is not None:
            variant = item.experiment.variant
            found.append(
                {**result, "data": item.experiment.name, "varied": variant.values if variant else {}}
            )
    return found


def write_results(results: Iterable[dict[str, Any]], path: Path) -> None:
    """One line a figure; behind it, a column for everything that the study's variants differ in."""
    results, text = list(results), io.StringIO()
    varied = dict.fromkeys(name for result in results for name in result["varied"])
    writer = csv.DictWriter(text, [*COLUMNS, *varied], lineterminator="\n")
    writer.writeheader()
    for result in results:
        for row in result["rows"]:
            position = {"data": result["data"], "objective": result["objective"], "seed": result["seed"]}
            values = {
                name: value_text(value) if isinstance(value, int | float) else safe_cell(value_text(value))
                for name, value in result["varied"].items()
            }
            named = {key: safe_cell(value) for key, value in {**position, **row}.items()}
            writer.writerow({**named, **values})
    write_text(path, text.getvalue())
