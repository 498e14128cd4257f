"""What a grid shows: its axes, and tables of its points."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from sslkit.config import short_names, value_text
from sslkit.pages.numbers import Numbers, downloads, interval_percent, percent
from sslkit.report.grid.variants import (
    Family,
    Figures,
    compared,
    difference_cell,
    interval_of,
    mean_of,
    point_cell,
    values_of,
)
from sslkit.report.read import Member
from sslkit.report.results import summaries

LOG_SPAN = 8  # values that span more are drawn on a logarithmic axis
CLOSEST = 0.04  # of the axis: values closer than this are spread evenly instead


@dataclass(frozen=True)
class Axis:
    """One setting that a grid varies, with its values in order."""

    path: str
    name: str
    values: tuple[Any, ...]

    @property
    def numeric(self) -> bool:
        return all(isinstance(value, int | float) and not isinstance(value, bool) for value in self.values)

    @property
    def texts(self) -> list[str]:
        return [value_text(value) for value in self.values]

    @cached_property
    def places(self) -> tuple[np.ndarray, str]:
        """Where the values stand, and how that is scaled, in words."""
        values = np.array(self.values, dtype=float)
        positive = values.min() > 0
        logarithmic = bool(positive and values.max() > LOG_SPAN * values.min())
        places = np.log(values) if logarithmic else values
        span = float(np.ptp(places))
        if len(values) > 2 and np.diff(np.sort(places)).min() < CLOSEST * span:
            return np.argsort(np.argsort(values)).astype(float), "evenly spaced"
        return places, "log" if logarithmic else ""


@dataclass(frozen=True)
class Panel:
    """A picture's share of the grid: along its first axis, at one combination of the other values."""

    title: str
    members: list[Member | None]  # in the order of the first axis


def axes_of(family: Family) -> list[Axis]:
    """The settings that vary: first the one that pictures run along (numbers before words, more values first)."""
    points = [values_of(member) for member in family.members]
    names = short_names(list(points[0]))
    axes = []
    for path in points[0]:
        values = list({value_text(point[path]): point[path] for point in points}.values())
        axis = Axis(path, names[path], tuple(values))
        axes.append(Axis(path, names[path], tuple(sorted(values))) if axis.numeric else axis)
    return sorted(axes, key=lambda axis: (not axis.numeric, -len(axis.values)))


def panels_of(family: Family, axes: list[Axis]) -> list[Panel]:
    first, *others = axes
    at = {_place(values_of(member), axes): member for member in family.members}
    panels = []
    for texts in itertools.product(*(axis.texts for axis in others)):
        title = ", ".join(f"{axis.name} = {text}" for axis, text in zip(others, texts, strict=True))
        panels.append(Panel(title, [at.get((text, *texts)) for text in first.texts]))
    return panels


def _place(values: Mapping[str, Any], axes: list[Axis]) -> tuple[str, ...]:
    return tuple(value_text(values[axis.path]) for axis in axes)


def figures_at(member: Member | None, method: str, column: summaries.Column) -> Figures:
    return summaries.figures(member, method, column) if member else {}


def table_of(family: Family, column: summaries.Column) -> dict[str, Any]:
    """Rows of methods and of paired differences between objectives, a column for each value of the first axis."""
    axes = axes_of(family)
    rows: list[dict[str, Any]] = []
    numbers: list[tuple[Any, ...]] = []
    for panel in panels_of(family, axes):
        if panel.title:
            rows.append({"heading": panel.title})
        for method in family.methods:
            figures = [figures_at(member, method, column) for member in panel.members]
            cells = [point_cell(some) for some in figures]
            numbers += [
                (
                    panel.title,
                    method,
                    text,
                    percent(mean_of(some)),
                    *interval_percent(interval_of(some)),
                    len(some),
                )
                for text, some in zip(axes[0].texts, figures, strict=True)
                if some
            ]
            if any(cell.text for cell in cells):
                rows.append({"name": method, "method": method, "cells": cells, "n": max(c.n for c in cells)})
        for first, second in _objective_pairs(family):
            found = compared(
                [
                    (figures_at(member, first, column), figures_at(member, second, column))
                    for member in panel.members
                ]
            )
            cells = [difference_cell(item) for item in found]
            numbers += [
                (
                    panel.title,
                    f"{first} − {second}",
                    text,
                    percent(item.mean),
                    *interval_percent(item.interval),
                    item.n,
                )
                for text, item in zip(axes[0].texts, found, strict=True)
                if item is not None
            ]
            if any(cell.text for cell in cells):
                rows.append({"name": f"{first} − {second}", "cells": cells, "n": max(c.n for c in cells)})
    header = ("where", "method_or_difference", axes[0].name, "percent_or_points", "low", "high", "seeds")
    return {
        "axis": axes[0].name,
        "titles": axes[0].texts,
        "rows": rows,
        "condition": column.condition,
        "download": downloads(Numbers(header, numbers)),
    }


def _objective_pairs(family: Family) -> list[tuple[str, str]]:
    names = (names for member in family.members for names in summaries.pair_names(member))
    return [pair for pair in dict.fromkeys(names) if pair[1] in family.objectives]


def never_varies(panel: Panel, method: str, column: summaries.Column) -> Figures:
    """A method's figures where they are the same run at every point of the panel, else none."""
    found = [figures_at(member, method, column) for member in panel.members]
    return found[0] if len(found) > 1 and all(figures == found[0] for figures in found) else {}
