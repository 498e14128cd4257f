"""The comparison's tables on the terminal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from sslkit.comparison.report.files import Row, csv_rows
from sslkit.comparison.statistics import by_seed, paired_difference, summarise, verdict
from sslkit.files import read_json

SAME_LABELS = {
    "end-to-end": "linear"
}  # supervised training stands beside the probe that gets the same labels


def print_table(folder: Path, console: Console) -> None:
    """For each data set the primary metric of every method at every label budget, and which objective won."""
    manifest = read_json(folder / "manifest.json", "a manifest of sslkit")
    rows = csv_rows(folder / "results.csv")
    for name, member in manifest["members"].items():
        own = [row for row in rows if row["data"] == name and row["metric"] == member["primary_metric"]]
        if own:
            _print_member(name, member, own, console)


def _print_member(name: str, member: dict[str, Any], rows: list[Row], console: Console) -> None:
    title = f"{name}: {member['primary_metric'].replace('_', ' ')} in %, mean ± spread over seeds"
    for evaluator in dict.fromkeys(_column(row) for row in rows):
        console.print(f"[bold]{escape(title)}, {escape(evaluator)}[/]")
        console.print(_table([row for row in rows if _column(row) == evaluator]))
        title = name
    reference = member["baseline_objective"]
    for method in dict.fromkeys(row["objective"] for row in rows if row["evaluator"] in ("linear", "knn")):
        first, second = _figures(rows, method, "linear", "all"), _figures(rows, reference, "linear", "all")
        if method not in (reference, "random", "handcrafted") and first.keys() & second.keys():
            console.print(
                f"  linear, all labels: {verdict(method, reference, paired_difference(first, second))}"
            )
    console.print()


def _column(row: Row) -> str:
    evaluator: str = row["evaluator"]
    return SAME_LABELS.get(evaluator, evaluator)


def _figures(rows: list[Row], method: str, evaluator: str, labels: str) -> dict[int, float]:
    chosen = [row for row in rows if row["objective"] == method and _column(row) == evaluator]
    return by_seed((row["seed"], row["value"]) for row in chosen if row["labels_per_class"] == labels)


def _table(rows: list[Row]) -> Table:
    evaluator = _column(rows[0])
    budgets = sorted(
        {row["labels_per_class"] for row in rows}, key=lambda b: float("inf") if b == "all" else int(b)
    )
    table = Table()
    table.add_column("method", no_wrap=True)
    for budget in budgets:
        table.add_column(
            "all labels" if budget == "all" else f"{budget}/class", justify="right", no_wrap=True
        )
    for method in dict.fromkeys(row["objective"] for row in rows):
        table.add_row(method, *(_cell(_figures(rows, method, evaluator, budget)) for budget in budgets))
    return table


def _cell(figures: dict[int, float]) -> str:
    if not figures:
        return "–"
    summary = summarise(figures)
    spread = "(n=1)" if summary.spread is None else f"± {100 * summary.spread:.1f}"
    return f"{100 * summary.mean:.1f} {spread}"
