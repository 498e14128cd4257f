"""The tables of one data set's results: figures, and paired differences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sslkit.pages.numbers import Numbers, download_buttons, percent
from sslkit.pages.palette import Style, swatch
from sslkit.report.figures.cells import difference_cell, figure_cell
from sslkit.report.figures.columns import Column, column_summary, columns_of, trained_end_to_end
from sslkit.report.figures.differences import (
    MethodDifference,
    difference_numbers,
    method_differences,
    method_pairs,
)
from sslkit.report.figures.words import interval_words, metric_words, p_words, signed
from sslkit.report.members import Member

DIFFERENCE_NOTE = (
    "Mean paired difference in percentage points, its 95 % interval, and its p-value as it is → after Holm's "
    "correction for its column, or for all of the verdict's columns. Bold: the interval does not span zero, and the "
    "corrected p-value is below .05. Everything else may be chance. Seeds share one split: another choice of test "
    "samples is not in the interval."
)


def headline_table(member: Member, styles: Mapping[str, Style]) -> dict[str, Any]:
    """Every method under every evaluator and label budget."""
    columns = columns_of(member)
    rows = [_headline_row(member, method, columns, styles[method]) for method in member.methods]
    note = f"{metric_words(member.primary_metric).capitalize()} in %, mean ± standard deviation over seeds."
    if member.facts.get("draw_by") == "group":
        note += " Few labels come from one group after another, so from few groups."
    if any(row["mark"] for row in rows):
        note += " † The whole network was trained with these labels, so it stands in the probe's columns."
    return {
        "columns": columns,
        "groups": _groups(columns),
        "rows": rows if columns else [],
        "note": note,
        "download": download_buttons(_headline_numbers(member, columns)),
    }


def _headline_row(member: Member, method: str, columns: Sequence[Column], style: Style) -> dict[str, Any]:
    cells = [figure_cell(column_summary(member, method, column)) for column in columns]
    return {
        "name": method,
        "swatch": swatch(style),
        "mark": "†" if trained_end_to_end(member, method) else "",
        "first_baseline": method == next(iter(member.baselines), None) and bool(member.objectives),
        "cells": cells,
        "n": max((cell.n for cell in cells), default=0),
    }


def _headline_numbers(member: Member, columns: Sequence[Column]) -> Numbers:
    rows = [
        (method, column.evaluator, column.labels, percent(found.mean), percent(found.spread), found.n)
        for method in member.methods
        for column in columns
        if (found := column_summary(member, method, column)) is not None
    ]
    return Numbers(("method", "evaluator", "labels_per_class", "mean_percent", "sd_percent", "seeds"), rows)


def _groups(columns: Sequence[Column]) -> list[dict[str, Any]]:
    """Evaluators, and how many columns each has."""
    groups: list[dict[str, Any]] = []
    for column in columns:
        if column.first:
            groups.append({"title": column.group, "span": 0})
        groups[-1]["span"] += 1
    return groups


def difference_table(member: Member) -> dict[str, Any]:
    """Paired differences: a row a pair, and all of them in full."""
    columns = columns_of(member)
    found = {column: {item.name: item for item in method_differences(member, column)} for column in columns}
    every = [item for column in columns for item in found[column].values()]
    rows, last = [], None
    for first, second in method_pairs(member):
        name = f"{first} − {second}"
        own = [found[column].get(name) for column in columns]
        cells = [difference_cell(item.difference if item else None, with_p=True) for item in own]
        if any(cell.text for cell in cells):
            n = max(cell.n for cell in cells)
            rows.append({"name": name, "cells": cells, "n": n, "first_of_objective": first != last})
            last = first
    return {
        "columns": columns,
        "groups": _groups(columns),
        "rows": rows,
        "every": [_row_in_full(item) for item in every],
        "download": download_buttons(difference_numbers(every)),
        "note": DIFFERENCE_NOTE,
    }


def _row_in_full(item: MethodDifference) -> dict[str, Any]:
    """One line of the table of all differences: text and what it sorts by."""
    found = item.difference
    figures = [
        (interval_words(found.interval), None),
        (p_words(found.p), found.p),
        (p_words(found.p_corrected), found.p_corrected),
        ("" if found.effect is None else signed(found.effect), found.effect),
        (str(found.n), found.n),
    ]
    return {
        "name": item.name,
        "question": f"{item.column.group}, {item.column.title}",
        "mean": difference_cell(found, with_p=True),
        "figures": [{"text": text, "value": value} for text, value in figures],
    }
