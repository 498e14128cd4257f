"""The charts of one data set's results: figures against labels, paired differences with their intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from sslkit.pages.palette import Style
from sslkit.pages.svg import CARD, CHART_WIDTH, HALO, INK, SvgWriter, canvas
from sslkit.report.figures.charts import Chart, CurvePoint, draw_label_curves
from sslkit.report.figures.columns import Column, asked_columns, column_summary, columns_of
from sslkit.report.figures.differences import MethodDifference, difference_numbers, method_differences
from sslkit.report.figures.label_budgets import label_order
from sslkit.report.figures.words import metric_words
from sslkit.report.members import Member

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def result_charts(member: Member, styles: Mapping[str, Style], svg: SvgWriter) -> list[Chart]:
    """Figures against labels for each evaluator, and the differences that are asked about."""
    columns = columns_of(member)
    charts = []
    for evaluator in dict.fromkeys(column.evaluator for column in columns):
        own = sorted(
            (column for column in columns if column.evaluator == evaluator),
            key=lambda column: label_order(member, column.labels),
        )
        if len(own) > 1:
            charts.append(_label_chart(member, own, styles, svg))
    found = [item for column in asked_columns(member) for item in method_differences(member, column)]
    if found:
        picture = draw_differences(found, styles, svg)
        charts.insert(1, Chart("Paired differences", _seed_words(found), picture, tall=True))
    return charts


def _label_chart(
    member: Member, columns: Sequence[Column], styles: Mapping[str, Style], svg: SvgWriter
) -> Chart:
    series = {}
    for method in member.methods:
        found = [(column.labels, column_summary(member, method, column)) for column in columns]
        points = [CurvePoint(labels, item.mean, item.spread) for labels, item in found if item is not None]
        if points:
            series[method] = points
    budgets = [column.labels for column in columns]
    picture = draw_label_curves(series, budgets, styles, metric_words(member.primary_metric), svg)
    return Chart("How far few labels go", columns[0].group, picture)


def _seed_words(found: Sequence[MethodDifference]) -> str:
    counts = sorted({item.difference.n for item in found})
    n = f"n = {counts[0]}" + (f" … {counts[-1]}" if len(counts) > 1 else "")
    return f"{found[0].column.group}, 95 % intervals over seeds, {n}"


def draw_differences(found: Sequence[MethodDifference], styles: Mapping[str, Style], svg: SvgWriter) -> str:
    """Paired differences with their intervals around a line at zero; hollow where the difference may be chance."""
    rows: list[MethodDifference | str] = []
    for condition in dict.fromkeys(item.column.condition for item in found):
        rows += [condition, *(item for item in found if item.column.condition == condition)]
    with canvas(CHART_WIDTH, 0.55 + 0.235 * len(rows), grid=False) as (figure, (axes,)):
        for y, row in enumerate(rows):
            if isinstance(row, str):
                axes.text(
                    0.0, y, row, transform=axes.get_yaxis_transform(), va="center", weight="bold", gid=HALO
                )
            else:
                _draw_interval(axes, y, row, styles[row.first])
        axes.axvline(0, color=INK, linewidth=0.9, zorder=0)
        axes.set_ylim(len(rows) - 0.4, -0.6)
        names = {y: row.name for y, row in enumerate(rows) if isinstance(row, MethodDifference)}
        axes.set_yticks(list(names), list(names.values()))
        axes.grid(axis="x")
        axes.spines["left"].set_visible(False)
        axes.set_xlabel("percentage points (right of 0: the first is better)")
        return svg.write(figure, "Paired differences with 95 % intervals", difference_numbers(found))


def _draw_interval(axes: Axes, y: int, row: MethodDifference, style: Style) -> None:
    sure = row.outcome in ("won", "lost")
    if row.difference.interval is not None:
        low, high = (100 * end for end in row.difference.interval)
        axes.plot([low, high], [y, y], color=style.colour, linewidth=2.2 if sure else 1.2)
    axes.plot(
        [100 * row.difference.mean],
        [y],
        color=style.colour,
        marker=style.marker,
        linestyle="none",
        markerfacecolor=style.colour if sure else CARD,
        markersize=6,
    )
