"""The pictures of a grid: figures against its values, a line for each objective, what does not vary as a band."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from sslkit.pages.numbers import Numbers, interval_percent, percent
from sslkit.pages.palette import Style
from sslkit.pages.svg import SvgWriter, canvas
from sslkit.report.grid.tables import Axis, Panel, axes_of, figures_at, never_varies, panels_of
from sslkit.report.grid.variants import Family, Figures, interval_of, mean_of, room_for
from sslkit.report.results import summaries
from sslkit.report.results.curves import HEIGHT, WIDTH

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDEST_BAND = 0.5  # of the picture


def charts_of(
    family: Family, column: summaries.Column, styles: Mapping[str, Style], svg: SvgWriter
) -> tuple[list[dict[str, Any]], bool]:
    """One picture for each combination of the other axes' values, all on one scale; and whether intervals run off."""
    axes, methods = axes_of(family), family.methods
    panels = panels_of(family, axes)
    all_figures = [
        figures
        for panel in panels
        for member in panel.members
        for method in methods
        if (figures := figures_at(member, method, column))
    ]
    if not all_figures:
        return [], False
    low, high, off = room_for([mean_of(f) for f in all_figures], [interval_of(f) for f in all_figures])
    n = max(len(figures) for figures in all_figures)
    over = f"mean and 95 % interval over {n} seeds" if n > 1 else "one seed"
    charts = []
    for panel in panels:
        draw = _lines if axes[0].numeric and len(axes[0].values) > 1 else _dots
        picture = draw(panel, axes[0], methods, column, styles, family.metric, (low, high), svg)
        where = f"{panel.title}: " if panel.title else ""
        charts.append({"title": column.condition, "subtitle": f"{where}linear probe, {over}", "svg": picture})
    return charts, off


def _lines(
    panel: Panel,
    axis: Axis,
    methods: list[str],
    column: summaries.Column,
    styles: Mapping[str, Style],
    metric: str,
    limits: tuple[float, float],
    svg: SvgWriter,
) -> str:
    places, scaling = axis.places
    span = float(np.ptp(places)) or 1.0
    with canvas(WIDTH, HEIGHT) as (figure, (axes,)):
        moving = [method for method in methods if not never_varies(panel, method, column)]
        for method in methods:
            if figures := never_varies(panel, method, column):
                _band(axes, figures, styles[method], limits, vertical=False)
        for index, method in enumerate(moving):
            shift = 0.012 * span * (index - (len(moving) - 1) / 2)  # error bars stand side by side
            points = _points(panel, method, column)
            x = [places[place] + shift for place, _ in points]
            style = styles[method]
            _marks(axes, x, [figures for _, figures in points], style, linestyle=style.line)
        axes.set_xticks(places, axis.texts)
        axes.set_xlim(places.min() - 0.06 * span, places.max() + 0.06 * span)
        axes.set_ylim(*limits)
        axes.set_xlabel(f"{axis.name} ({scaling})" if scaling else axis.name)
        axes.set_ylabel(f"{metric}, %")
        label = f"{metric} against {axis.name}, {panel.title or column.condition}"
        return svg.write(figure, label, _numbers(panel, axis, methods, column))


def _dots(
    panel: Panel,
    axis: Axis,
    methods: list[str],
    column: summaries.Column,
    styles: Mapping[str, Style],
    metric: str,
    limits: tuple[float, float],
    svg: SvgWriter,
) -> str:
    moving = [method for method in methods if not never_varies(panel, method, column)]
    height = 0.75 + len(axis.values) * max(0.3, 0.16 * len(moving))
    with canvas(WIDTH, height, grid=False) as (figure, (axes,)):
        for method in methods:
            if figures := never_varies(panel, method, column):
                _band(axes, figures, styles[method], limits, vertical=True)
        for index, method in enumerate(moving):
            shift = 0.7 * ((index + 0.5) / len(moving) - 0.5)
            points = _points(panel, method, column)
            y = [place + shift for place, _ in points]
            _marks(axes, y, [figures for _, figures in points], styles[method], upright=False, linestyle="")
        for line in range(1, len(axis.values)):
            axes.axhline(line - 0.5, color=axes.spines["left"].get_edgecolor(), linewidth=0.6, zorder=0)
        axes.set_yticks(range(len(axis.values)), [_short(text) for text in axis.texts])
        axes.set_ylim(len(axis.values) - 0.5, -0.5)
        axes.set_xlim(*limits)
        axes.grid(axis="x")
        axes.set_xlabel(f"{metric}, %")
        axes.set_ylabel(axis.name)
        label = f"{metric} by {axis.name}, {panel.title or column.condition}"
        return svg.write(figure, label, _numbers(panel, axis, methods, column))


def _numbers(panel: Panel, axis: Axis, methods: list[str], column: summaries.Column) -> Numbers:
    rows = [
        (
            method,
            axis.texts[place],
            percent(mean_of(figures)),
            *interval_percent(interval_of(figures)),
            len(figures),
        )
        for method in methods
        for place, figures in _points(panel, method, column)
    ]
    return Numbers(("method", axis.name, "mean_percent", "low", "high", "seeds"), rows)


def _points(panel: Panel, method: str, column: summaries.Column) -> list[tuple[int, Figures]]:
    found = [(place, figures_at(member, method, column)) for place, member in enumerate(panel.members)]
    return [(place, figures) for place, figures in found if figures]


def _marks(
    axes: Axes,
    places: list[float],
    found: list[Figures],
    style: Style,
    linestyle: Any,
    upright: bool = True,
) -> None:
    means = np.array([100 * mean_of(figures) for figures in found])
    ends = [interval_of(figures) or (mean_of(figures),) * 2 for figures in found]
    error = np.abs(100 * np.array(ends).reshape(-1, 2).T - means)
    drawn: dict[str, Any] = {"yerr" if upright else "xerr": error}
    axes.errorbar(
        *((places, means) if upright else (means, places)),
        **drawn,
        color=style.colour,
        linestyle=linestyle,
        marker=style.marker,
        elinewidth=1,
        capsize=2,
    )


def _band(axes: Axes, figures: Figures, style: Style, limits: tuple[float, float], vertical: bool) -> None:
    """A line at the mean on its interval; one that would paint half of the picture is left to the table."""
    span, line = (axes.axvspan, axes.axvline) if vertical else (axes.axhspan, axes.axhline)
    interval = interval_of(figures)
    if interval is not None and 100 * (interval[1] - interval[0]) < WIDEST_BAND * (limits[1] - limits[0]):
        span(100 * interval[0], 100 * interval[1], color=style.colour, alpha=0.13, linewidth=0, zorder=0)
    line(100 * mean_of(figures), color=style.colour, linestyle=style.line, linewidth=1.3, zorder=1)


def _short(text: str, most: int = 26) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
