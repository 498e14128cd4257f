"""The tables of one data set: figures, paired differences, cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sslkit.pages.numbers import Numbers, downloads, percent
from sslkit.pages.palette import Style, swatch
from sslkit.report.read import Member
from sslkit.report.results import curves, summaries


def headline(member: Member, styles: Mapping[str, Style]) -> dict[str, Any]:
    """Every method under every evaluator and label budget."""
    from markupsafe import Markup

    columns = summaries.columns_of(member)
    rows = []
    for method in member.methods:
        cells = [summaries.figure_cell(summaries.summary(member, method, column)) for column in columns]
        n = max((cell.n for cell in cells), default=0)
        rows.append(
            {
                "name": method,
                "swatch": Markup(swatch(styles[method])),
                "mark": "†" if summaries.trained_end_to_end(member, method) else "",
                "first_baseline": method == next(iter(member.baselines), None) and bool(member.objectives),
                "cells": cells,
                "n": n,
            }
        )
    note = (
        f"{member.primary_metric.replace('_', ' ').capitalize()} in %, mean ± standard deviation over seeds."
    )
    if member.facts.get("draw_by") == "group":
        note += " Few labels come from one group after another, so from few groups."
    if any(row["mark"] for row in rows):
        note += " † The whole network was trained with these labels, so it stands in the probe's columns."
    return {
        "columns": columns,
        "groups": _groups(columns),
        "rows": rows if columns else [],
        "note": note,
        "download": downloads(_headline_numbers(member, columns)),
    }


def _headline_numbers(member: Member, columns: Sequence[summaries.Column]) -> Numbers:
    rows = [
        (method, column.evaluator, column.labels, percent(found.mean), percent(found.spread), found.n)
        for method in member.methods
        for column in columns
        if (found := summaries.summary(member, method, column)) is not None
    ]
    return Numbers(("method", "evaluator", "labels_per_class", "mean_percent", "sd_percent", "seeds"), rows)


def _groups(columns: Sequence[summaries.Column]) -> list[dict[str, Any]]:
    groups: list[dict[str, Any]] = []
    for column in columns:
        if column.first:
            groups.append({"title": column.group, "span": 0})
        groups[-1]["span"] += 1
    return groups


def differences(member: Member) -> dict[str, Any]:
    """Paired differences: a row a pair, and all of them in full."""
    columns = summaries.columns_of(member)
    found = {column: {item.name: item for item in summaries.pairs(member, column)} for column in columns}
    rows, last = [], None
    for first, second in summaries.pair_names(member):
        name = f"{first} − {second}"
        cells = [summaries.pair_cell(found[column].get(name)) for column in columns]
        if any(cell.text for cell in cells):
            n = max(cell.n for cell in cells)
            rows.append({"name": name, "cells": cells, "n": n, "first_of_objective": first != last})
            last = first
    return {
        "columns": columns,
        "groups": _groups(columns),
        "rows": rows,
        "every": [_difference_row(item) for column in columns for item in found[column].values()],
        "download": downloads(
            curves.difference_numbers([item for column in columns for item in found[column].values()])
        ),
        "note": "Mean paired difference in percentage points, its 95 % interval, and its p-value as it is → after "
        "Holm's correction for its column, or for all of the verdict's columns. Bold: the interval does not span "
        "zero, and the corrected p-value is below .05. Everything else may be chance. Seeds share one split: another "
        "choice of test samples is not in the interval.",
    }


def _difference_row(item: summaries.Pair) -> dict[str, Any]:
    """One line of the table of all differences: text and what it sorts by."""
    found = item.difference
    figures = [
        (summaries.interval_words(found.interval), None),
        (summaries.p_words(found.p), found.p),
        (summaries.p_words(found.p_corrected), found.p_corrected),
        ("" if found.effect is None else summaries.signed(found.effect), found.effect),
        (str(found.n), found.n),
    ]
    return {
        "name": item.name,
        "question": f"{item.column.group}, {item.column.title}",
        "mean": summaries.pair_cell(item),
        "figures": [{"text": text, "value": value} for text, value in figures],
    }


def cost(member: Member, styles: Mapping[str, Style]) -> dict[str, Any]:
    """Time, memory and samples of every method."""
    from markupsafe import Markup

    all_cells = {method: summaries.cost_cells(member, method) for method in member.methods}
    rows = [
        {
            "name": method,
            "swatch": Markup(swatch(styles[method])),
            "first_baseline": method == next(iter(member.baselines), None) and bool(member.objectives),
            "cells": cells,
            "n": max(cell.n for cell in cells),
        }
        for method, cells in all_cells.items()
        if any(cell.text for cell in cells)
    ]
    numbers = Numbers(
        ("method", *(key for key, _, _ in summaries.COSTS), "seeds"),
        [
            (method, *(cell.value for cell in cells), max(cell.n for cell in cells))
            for method, cells in all_cells.items()
            if any(cell.text for cell in cells)
        ],
    )
    titles = [title for _, title, _ in summaries.COSTS]
    return {"titles": titles, "rows": rows, "download": downloads(numbers)}
