"""The figures at the points of a grid: means, intervals, cells, and the limits of axes that show them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sslkit.report.figures.cells import TableCell
from sslkit.report.figures.columns import Column, SeedFigures, column_figures
from sslkit.report.members import Member
from sslkit.statistics import mean_interval


def point_figures(member: Member | None, method: str, column: Column) -> SeedFigures:
    """None at a point that has no member."""
    return column_figures(member, method, column) if member else {}


def point_mean(figures: SeedFigures) -> float:
    """Over seeds."""
    return float(np.mean(list(figures.values())))


def point_interval(figures: SeedFigures) -> tuple[float, float] | None:
    """95 % interval of the mean over seeds, within what a fraction can be; None with one seed."""
    if len(figures) < 2:
        return None
    low, high = mean_interval(np.array(list(figures.values())))
    return max(low, 0.0), min(high, 1.0)


def point_cell(figures: SeedFigures) -> TableCell:
    """``89.1`` with the interval of the mean below."""
    if not figures:
        return TableCell()
    mean, interval = point_mean(figures), point_interval(figures)
    words = "one seed" if interval is None else f"{100 * interval[0]:.1f} … {100 * interval[1]:.1f}"
    return TableCell(text=f"{100 * mean:.1f}", range=words, value=f"{mean:.6f}", n=len(figures))


def axis_limits(
    means: Sequence[float], intervals: Sequence[tuple[float, float] | None]
) -> tuple[float, float, bool]:
    """Limits in points of an axis that shows all means, and whether intervals (of few seeds) run off it."""
    low, high = 100 * min(means), 100 * max(means)
    margin = max(high - low, 4.0)
    ends = [100 * end for pair in intervals if pair for end in pair]
    wanted = (min([low, *ends]), max([high, *ends]))
    kept = (max(wanted[0], low - margin), min(wanted[1], high + margin))
    edge = 0.06 * (kept[1] - kept[0]) or 1.0
    return kept[0] - edge, kept[1] + edge, kept != wanted
