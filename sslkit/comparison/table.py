"""The comparison's table on the terminal."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from sslkit.files import read_json


def print_table(folder: Path, console: Console) -> None:
    """Mean ± spread over seeds of the primary metric, per method and label budget, for each data set."""
    import csv

    manifest = read_json(folder / "manifest.json", "a manifest of sslkit")
    with (folder / "results.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for name, member in manifest["members"].items():
        own = [r for r in rows if r["data"] == name and r["metric"] == member["primary_metric"]]
        if own:
            console.print(_table(name, member["primary_metric"].replace("_", " "), own))


def _table(name: str, metric: str, rows: list[dict[str, str]]) -> Table:
    columns = list(dict.fromkeys((_column(row["evaluator"]), row["labels_per_class"]) for row in rows))
    columns.sort(key=lambda c: (c[0] != "linear", c[0], float("inf") if c[1] == "all" else int(c[1])))
    table = Table(title=f"{escape(name)}: {metric} in %, mean ± spread over seeds")
    table.add_column("method")
    for evaluator, labels in columns:
        table.add_column(
            f"{evaluator}\n{labels} labels" + ("" if labels == "all" else " a class"), justify="right"
        )
    for method in dict.fromkeys(row["objective"] for row in rows):
        own = [row for row in rows if row["objective"] == method]
        table.add_row(escape(method), *(_figure(own, column) for column in columns))
    return table


def _column(evaluator: str) -> str:
    """End-to-end training stands in the column of the probes with the same labels."""
    return "linear" if evaluator == "end-to-end" else evaluator


def _figure(rows: list[dict[str, str]], column: tuple[str, str]) -> str:
    by_seed: dict[str, list[float]] = {}
    for row in rows:
        if (_column(row["evaluator"]), row["labels_per_class"]) == column:
            by_seed.setdefault(row["seed"], []).append(100 * float(row["value"]))
    if not by_seed:
        return "–"
    means = np.array([np.mean(values) for values in by_seed.values()])
    spread = f" ± {means.std(ddof=1):.1f}" if len(means) > 1 else " (n=1)"
    return f"{means.mean():.1f}{spread}"
