"""The charts of a grid: figures against its values, a line for each objective, what does not vary as a band."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sslkit.pages.numbers import Numbers, interval_percent, percent
from sslkit.pages.palette import Style
from sslkit.pages.svg import CHART_HEIGHT, CHART_WIDTH, SvgWriter, canvas
from sslkit.report.figures.charts import Chart
from sslkit.report.figures.columns import Column, SeedFigures
from sslkit.report.grid.axes import GridAxis, Panel, grid_axes, grid_panels
from sslkit.report.grid.points import axis_limits, point_interval, point_mean
from sslkit.report.grid.variants import VariantSet

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDEST_BAND = 0.5  # of the chart
LONGEST = 26  # letters of a value


def grid_charts(
    variants: VariantSet, column: Column, styles: Mapping[str, Style], svg: SvgWriter
) -> tuple[list[Chart], bool]:
    """One chart for each combination of the other axes' values, all on one scale; and whether intervals run off."""
    axes, methods = grid_axes(variants), variants.methods
    panels = grid_panels(variants, axes)
    all_figures = [
        figures
        for panel in panels
        for at_point in zip(*(panel.figures(method, column) for method in methods), strict=True)
        for figures in at_point
        if figures
    ]
    if not all_figures:
        return [], False
    low, high, off = axis_limits(
        [point_mean(figures) for figures in all_figures], [point_interval(figures) for figures in all_figures]
    )
    n = max(len(figures) for figures in all_figures)
    over = f"mean and 95 % interval over {n} seeds" if n > 1 else "one seed"
    along_numbers = axes[0].numeric and len(axes[0].values) > 1
    charts = []
    for panel in panels:
        drawing = _Drawing(panel, axes[0], methods, column, styles, variants.metric, (low, high), svg)
        where = f"{panel.title}: " if panel.title else ""
        picture = drawing.draw_lines() if along_numbers else drawing.draw_dots()
        charts.append(Chart(column.condition, f"{where}linear probe, {over}", picture))
    return charts, off


@dataclass(frozen=True)
class _Drawing:
    panel: Panel
    axis: GridAxis
    methods: list[str]
    column: Column
    styles: Mapping[str, Style]
    metric: str
    limits: tuple[float, float]
    svg: SvgWriter

    def draw_lines(self) -> str:
        """Values to the right, figures upwards."""
        places, scaling = self.axis.places
        span = float(np.ptp(places)) or 1.0
        with canvas(CHART_WIDTH, CHART_HEIGHT) as (figure, (axes,)):
            self._draw_bands(axes, vertical=False)
            moving = self._moving()
            for index, method in enumerate(moving):
                shift = 0.012 * span * (index - (len(moving) - 1) / 2)  # error bars stand side by side
                points = self._points(method)
                x = [places[place] + shift for place, _ in points]
                style = self.styles[method]
                _draw_points(axes, x, [figures for _, figures in points], style, linestyle=style.line)
            axes.set_xticks(places, self.axis.texts)
            axes.set_xlim(places.min() - 0.06 * span, places.max() + 0.06 * span)
            axes.set_ylim(*self.limits)
            axes.set_xlabel(f"{self.axis.name} ({scaling})" if scaling else self.axis.name)
            axes.set_ylabel(f"{self.metric}, %")
            label = f"{self.metric} against {self.axis.name}, {self.panel.title or self.column.condition}"
            return self.svg.write(figure, label, self._numbers())

    def draw_dots(self) -> str:
        """A row for each value, figures to the right."""
        moving, values = self._moving(), self.axis.values
        height = 0.75 + len(values) * max(0.3, 0.16 * len(moving))
        with canvas(CHART_WIDTH, height, grid=False) as (figure, (axes,)):
            self._draw_bands(axes, vertical=True)
            for index, method in enumerate(moving):
                shift = 0.7 * ((index + 0.5) / len(moving) - 0.5)
                points = self._points(method)
                y = [place + shift for place, _ in points]
                own = [figures for _, figures in points]
                _draw_points(axes, y, own, self.styles[method], upright=False, linestyle="")
            for line in range(1, len(values)):
                axes.axhline(line - 0.5, color=axes.spines["left"].get_edgecolor(), linewidth=0.6, zorder=0)
            axes.set_yticks(range(len(values)), [_short(text) for text in self.axis.texts])
            axes.set_ylim(len(values) - 0.5, -0.5)
            axes.set_xlim(*self.limits)
            axes.grid(axis="x")
            axes.set_xlabel(f"{self.metric}, %")
            axes.set_ylabel(self.axis.name)
            label = f"{self.metric} by {self.axis.name}, {self.panel.title or self.column.condition}"
            return self.svg.write(figure, label, self._numbers())

    def _moving(self) -> list[str]:
        return [name for name in self.methods if not self.panel.constant_figures(name, self.column)]

    def _draw_bands(self, axes: Axes, vertical: bool) -> None:
        for method in self.methods:
            if figures := self.panel.constant_figures(method, self.column):
                _draw_band(axes, figures, self.styles[method], self.limits, vertical)

    def _points(self, method: str) -> list[tuple[int, SeedFigures]]:
        found = enumerate(self.panel.figures(method, self.column))
        return [(place, figures) for place, figures in found if figures]

    def _numbers(self) -> Numbers:
        rows = [
            (
                method,
                self.axis.texts[place],
                percent(point_mean(figures)),
                *interval_percent(point_interval(figures)),
                len(figures),
            )
            for method in self.methods
            for place, figures in self._points(method)
        ]
        return Numbers(("method", self.axis.name, "mean_percent", "low", "high", "seeds"), rows)


def _draw_points(
    axes: Axes,
    places: list[float],
    found: list[SeedFigures],
    style: Style,
    linestyle: Any,
    upright: bool = True,
) -> None:
    """Means with their intervals, at places along the other axis."""
    means = np.array([100 * point_mean(figures) for figures in found])
    ends = [point_interval(figures) or (point_mean(figures),) * 2 for figures in found]
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


def _draw_band(
    axes: Axes, figures: SeedFigures, style: Style, limits: tuple[float, float], vertical: bool
) -> None:
    """A line at the mean on its interval; one that would paint half of the chart is left to the table."""
    span, line = (axes.axvspan, axes.axvline) if vertical else (axes.axhspan, axes.axhline)
    interval = point_interval(figures)
    if interval is not None and 100 * (interval[1] - interval[0]) < WIDEST_BAND * (limits[1] - limits[0]):
        span(100 * interval[0], 100 * interval[1], color=style.colour, alpha=0.13, linewidth=0, zorder=0)
    line(100 * point_mean(figures), color=style.colour, linestyle=style.line, linewidth=1.3, zorder=1)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
