"""Charts that several themes have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sslkit.pages.numbers import Numbers, percent
from sslkit.pages.palette import Style
from sslkit.pages.svg import CHART_HEIGHT, CHART_WIDTH, SvgWriter, canvas
from sslkit.report.figures import label_budgets


@dataclass(frozen=True)
class Chart:
    """A drawing under its title, as the page shows it; a ``tall`` one takes two rows of the grid of charts."""

    title: str
    subtitle: str
    svg: str
    tall: bool = False


@dataclass(frozen=True)
class CurvePoint:
    """A mean over seeds and its spread, as fractions; ``spread`` is None with one seed."""

    labels: str
    mean: float
    spread: float | None


def draw_label_curves(
    series: Mapping[str, Sequence[CurvePoint]],
    budgets: Sequence[str],
    styles: Mapping[str, Style],
    metric: str,
    svg: SvgWriter,
    limits: tuple[float, float] | None = None,
) -> str:
    """Mean and spread against the number of labels (``budgets``, in order), a line for each method.

    ``limits`` of the upright axis in percent, where several charts share them.
    """
    with canvas(CHART_WIDTH, CHART_HEIGHT) as (figure, (axes,)):
        for index, (method, points) in enumerate(series.items()):
            shift = 0.05 * (index - (len(series) - 1) / 2)  # error bars stand side by side
            style = styles[method]
            axes.errorbar(
                [budgets.index(point.labels) + shift for point in points],
                [100 * point.mean for point in points],
                yerr=[100 * (point.spread or 0.0) for point in points],
                color=style.colour,
                linestyle=style.line,
                marker=style.marker,
                elinewidth=1,
                capsize=2,
            )
        axes.set_xticks(range(len(budgets)), [label_budgets.axis_text(labels) for labels in budgets])
        axes.set_xlim(-0.3, len(budgets) - 0.7)
        shares = any(labels.endswith("%") for labels in budgets)
        axes.set_xlabel(f"labels per class{', or share of them' if shares else ''}")
        if limits is not None:
            axes.set_ylim(*limits)
        axes.set_ylabel(f"{metric}, %")
        label = f"{metric} against labels per class for {', '.join(series)}"
        return svg.write(figure, label, _curve_numbers(series))


def _curve_numbers(series: Mapping[str, Sequence[CurvePoint]]) -> Numbers:
    return Numbers(
        ("method", "labels_per_class", "mean_percent", "sd_percent"),
        [
            (method, point.labels, percent(point.mean), percent(point.spread))
            for method, points in series.items()
            for point in points
        ],
    )
