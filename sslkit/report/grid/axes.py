"""A grid's axes, and the panels that it is shown in."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from sslkit.config import short_names, value_text
from sslkit.report.figures.columns import Column, SeedFigures
from sslkit.report.grid.points import point_figures
from sslkit.report.grid.variants import VariantSet, varied_values
from sslkit.report.members import Member

LOG_SPAN = 8  # values that span more are drawn on a logarithmic axis
CLOSEST = 0.04  # of the axis: values closer than this are spread evenly instead


@dataclass(frozen=True)
class GridAxis:
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
    """One chart's part of the grid: along its first axis, at one combination of the other values."""

    title: str
    members: list[Member | None]  # in the order of the first axis

    def figures(self, method: str, column: Column) -> list[SeedFigures]:
        """At each point, empty where there are none."""
        return [point_figures(member, method, column) for member in self.members]

    def constant_figures(self, method: str, column: Column) -> SeedFigures:
        """A method's figures where they are the same run at every point, else none."""
        found = self.figures(method, column)
        return found[0] if len(found) > 1 and all(figures == found[0] for figures in found) else {}


def grid_axes(variants: VariantSet) -> list[GridAxis]:
    """The settings that vary: first the one that charts run along (numbers before words, more values first)."""
    points = [varied_values(member) for member in variants.members]
    names = short_names(list(points[0]))
    axes = []
    for path in points[0]:
        values = list({value_text(point[path]): point[path] for point in points}.values())
        axis = GridAxis(path, names[path], tuple(values))
        axes.append(GridAxis(path, names[path], tuple(sorted(values))) if axis.numeric else axis)
    return sorted(axes, key=lambda axis: (not axis.numeric, -len(axis.values)))


def grid_panels(variants: VariantSet, axes: list[GridAxis]) -> list[Panel]:
    """One for each combination of the other axes' values."""
    first, *others = axes
    at = {_texts_at(varied_values(member), axes): member for member in variants.members}
    panels = []
    for texts in itertools.product(*(axis.texts for axis in others)):
        title = ", ".join(f"{axis.name} = {text}" for axis, text in zip(others, texts, strict=True))
        panels.append(Panel(title, [at.get((text, *texts)) for text in first.texts]))
    return panels


def _texts_at(values: Mapping[str, Any], axes: list[GridAxis]) -> tuple[str, ...]:
    return tuple(value_text(values[axis.path]) for axis in axes)
