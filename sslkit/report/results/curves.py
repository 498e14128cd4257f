"""The charts of results: figures against labels, differences with intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sslkit.pages.numbers import Numbers, interval_percent, percent
from sslkit.pages.palette import Style
from sslkit.pages.svg import CARD, HALO, INK, SvgWriter, canvas
from sslkit.report.results import label_budgets
from sslkit.report.results.summaries import Pair

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_NAMES = ("first", "second", "evaluator", "labels_per_class")
WIDTH, HEIGHT = 4.6, 2.95  # inches; on a phone the letters stay as large as they are here


@dataclass(frozen=True)
class CurvePoint:
    """A mean over seeds and its spread, as fractions; ``spread`` is None with one seed."""

    labels: str
    mean: float
    spread: float | None


def label_efficiency(
    series: Mapping[str, Sequence[CurvePoint]],
    columns: Sequence[str],
    styles: Mapping[str, Style],
    metric: str,
    svg: SvgWriter,
    limits: tuple[float, float] | None = None,
) -> str:
    """Mean and spread against the number of labels (``columns``, in order), a line for each method.

    ``limits`` of the upright axis in percent, where several pictures share them.
    """
    with canvas(WIDTH, HEIGHT) as (figure, (axes,)):
        for index, (method, points) in enumerate(series.items()):
            shift = 0.05 * (index - (len(series) - 1) / 2)  # error bars stand side by side
            x = [columns.index(point.labels) + shift for point in points]
            y = [100 * point.mean for point in points]
            spread = [100 * (point.spread or 0.0) for point in points]
            style = styles[method]
            axes.errorbar(
                x,
                y,
                yerr=spread,
                color=style.colour,
                linestyle=style.line,
                marker=style.marker,
                elinewidth=1,
                capsize=2,
            )
        axes.set_xticks(range(len(columns)), [label_budgets.short(labels) for labels in columns])
        axes.set_xlim(-0.3, len(columns) - 0.7)
        shares = any(labels.endswith("%") for labels in columns)
        axes.set_xlabel(f"labels per class{', or share of them' if shares else ''}")
        if limits is not None:
            axes.set_ylim(*limits)
        axes.set_ylabel(f"{metric}, %")
        numbers = Numbers(
            ("method", "labels_per_class", "mean_percent", "sd_percent"),
            [
                (method, point.labels, percent(point.mean), percent(point.spread))
                for method, points in series.items()
                for point in points
            ],
        )
        return svg.write(figure, f"{metric} against labels per class for {', '.join(series)}", numbers)


def differences(found: Sequence[Pair], styles: Mapping[str, Style], svg: SvgWriter) -> str:
    """Paired differences with their intervals around a line at zero; hollow where the difference may be chance."""
    rows: list[Pair | str] = []
    for condition in dict.fromkeys(item.column.condition for item in found):
        rows += [condition, *(item for item in found if item.column.condition == condition)]
    with canvas(WIDTH, 0.55 + 0.235 * len(rows), grid=False) as (figure, (axes,)):
        for y, row in enumerate(rows):
            if isinstance(row, str):
                axes.text(
                    0.0, y, row, transform=axes.get_yaxis_transform(), va="center", weight="bold", gid=HALO
                )
            else:
                _interval(axes, y, row, styles[row.first])
        axes.axvline(0, color=INK, linewidth=0.9, zorder=0)
        axes.set_ylim(len(rows) - 0.4, -0.6)
        names = {y: row.name for y, row in enumerate(rows) if isinstance(row, Pair)}
        axes.set_yticks(list(names), list(names.values()))
        axes.grid(axis="x")
        axes.spines["left"].set_visible(False)
        axes.set_xlabel("percentage points (right of 0: the first is better)")
        return svg.write(figure, "Paired differences with 95 % intervals", difference_numbers(found))


def _interval(axes: Axes, y: int, row: Pair, style: Style) -> None:
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


def difference_numbers(found: Sequence[Pair]) -> Numbers:
    """Paired differences in percentage points, as CSV has them."""
    rows = [
        (
            item.first,
            item.second,
            item.column.evaluator,
            item.column.labels,
            percent(item.difference.mean),
            *interval_percent(item.difference.interval),
            item.difference.p,
            item.difference.p_corrected,
            item.difference.effect,
            item.difference.n,
        )
        for item in found
    ]
    return Numbers((*_NAMES, "points", "low", "high", "p", "p_corrected", "effect_dz", "seeds"), rows)
