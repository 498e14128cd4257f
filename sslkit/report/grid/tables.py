"""Tables of a grid: methods, and paired differences between objectives, at each of its points."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sslkit.pages.numbers import Numbers, download_buttons, interval_percent, percent
from sslkit.report.figures.cells import TableCell, difference_cell
from sslkit.report.figures.columns import Column
from sslkit.report.figures.differences import corrected_differences, method_pairs
from sslkit.report.grid.axes import Panel, grid_axes, grid_panels
from sslkit.report.grid.points import point_cell, point_interval, point_mean
from sslkit.report.grid.variants import VariantSet

Values = tuple[Any, ...]  # what CSV has of a point: value of the first axis, mean, interval, seeds
Line = tuple[str, str, list[TableCell], list[Values]]  # name, method (none of a difference), cells, values


def grid_table(variants: VariantSet, column: Column) -> dict[str, Any]:
    """Rows of methods and of paired differences between objectives, a column for each value of the first axis."""
    axes = grid_axes(variants)
    rows: list[dict[str, Any]] = []
    numbers: list[tuple[Any, ...]] = []
    for panel in grid_panels(variants, axes):
        if panel.title:
            rows.append({"heading": panel.title})
        for name, method, cells, values in _lines(variants, panel, column, axes[0].texts):
            numbers += [(panel.title, name, *value) for value in values]
            if any(cell.text for cell in cells):
                n = max(cell.n for cell in cells)
                rows.append({"name": name, "method": method, "cells": cells, "n": n})
    header = ("where", "method_or_difference", axes[0].name, "percent_or_points", "low", "high", "seeds")
    return {
        "axis": axes[0].name,
        "titles": axes[0].texts,
        "rows": rows,
        "condition": column.condition,
        "download": download_buttons(Numbers(header, numbers)),
    }


def _lines(variants: VariantSet, panel: Panel, column: Column, texts: list[str]) -> Iterator[Line]:
    for method in variants.methods:
        figures = panel.figures(method, column)
        values = [
            (text, percent(point_mean(some)), *interval_percent(point_interval(some)), len(some))
            for text, some in zip(texts, figures, strict=True)
            if some
        ]
        yield method, method, [point_cell(some) for some in figures], values
    for first, second in _objective_pairs(variants):
        pairs = zip(panel.figures(first, column), panel.figures(second, column), strict=True)
        found = corrected_differences(list(pairs))
        values = [
            (text, percent(item.mean), *interval_percent(item.interval), item.n)
            for text, item in zip(texts, found, strict=True)
            if item is not None
        ]
        yield f"{first} − {second}", "", [difference_cell(item) for item in found], values


def _objective_pairs(variants: VariantSet) -> list[tuple[str, str]]:
    names = (names for member in variants.members for names in method_pairs(member))
    return [pair for pair in dict.fromkeys(names) if pair[1] in variants.objectives]
