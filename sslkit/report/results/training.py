"""The charts of training: losses, and what was watched against collapse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sslkit.pages.numbers import Numbers
from sslkit.pages.palette import Style
from sslkit.pages.svg import CHART_HEIGHT, CHART_WIDTH, SvgWriter, canvas
from sslkit.report.figures.charts import Chart
from sslkit.report.members import Member, RunRecord

if TYPE_CHECKING:
    from matplotlib.axes import Axes


MONITORED = (  # key in metrics.jsonl, title, subtitle, axis, what it is multiplied by
    ("knn_accuracy", "kNN accuracy", "on the validation part", "accuracy, %", 100.0),
    ("effective_rank", "Effective rank", "of the features; low: collapse", "effective rank", 1.0),
    ("feature_std", "Spread per dimension", "0: collapse", "spread", 1.0),
)


def training_charts(member: Member, styles: Mapping[str, Style], svg: SvgWriter) -> list[Chart]:
    """Losses, and what was watched against collapse; without those that no run has."""
    runs = {method: member.runs_of(method) for method in member.objectives}
    charts = [Chart("Loss", "one panel a method", draw_losses(runs, styles, svg))]
    for key, title, subtitle, label, factor in MONITORED:
        from_zero = key != "knn_accuracy"
        picture = draw_monitored(runs, styles, key, label, svg, factor, from_zero)
        charts.append(Chart(title, subtitle, picture))
    return [chart for chart in charts if chart.svg]


def draw_losses(runs: Mapping[str, Sequence[RunRecord]], styles: Mapping[str, Style], svg: SvgWriter) -> str:
    """The loss of each objective on axes of its own: losses of different methods do not compare."""
    drawn = {
        method: [_curve(run.training, "loss", run) for run in some]
        for method, some in runs.items()
        if any(run.training for run in some)
    }
    if not drawn:
        return ""
    with canvas(CHART_WIDTH, max(CHART_HEIGHT, 0.7 + 1.1 * len(drawn)), rows=len(drawn)) as (figure, panels):
        for axes, (method, some) in zip(panels, drawn.items(), strict=True):
            _draw_seeds(axes, some, styles[method])
            axes.set_title(method, loc="left")
        unit = _unit([line for some in runs.values() for run in some for line in run.training])
        panels[-1].set_xlabel(unit)
        numbers = _numbers(drawn, unit, "loss")
        return svg.write(figure, f"Training loss of {', '.join(drawn)}", numbers)


def draw_monitored(
    runs: Mapping[str, Sequence[RunRecord]],
    styles: Mapping[str, Style],
    key: str,
    label: str,
    svg: SvgWriter,
    factor: float = 1.0,
    from_zero: bool = False,
) -> str:
    """One figure that was watched during training: a thin line for each seed, a bold one for their mean."""
    drawn = {
        method: [_curve(run.monitor, key, run, factor) for run in some]
        for method, some in runs.items()
        if any(key in line for run in some for line in run.monitor)
    }
    if not drawn:
        return ""
    with canvas(CHART_WIDTH, CHART_HEIGHT) as (figure, (axes,)):
        for index, (method, some) in enumerate(drawn.items()):
            _draw_seeds(axes, some, styles[method], marker_from=index)
        if from_zero:
            axes.set_ylim(bottom=0)
        axes.set_ylabel(label)
        unit = _unit([line for some in runs.values() for run in some for line in run.monitor])
        axes.set_xlabel(unit)
        numbers = _numbers(drawn, unit, key + "_percent" * (factor == 100))
        return svg.write(figure, f"{label} during training for {', '.join(drawn)}", numbers)


@dataclass(frozen=True)
class _Curve:
    seed: int
    x: np.ndarray
    y: np.ndarray
    finished: bool


def _curve(lines: Sequence[Mapping[str, float]], key: str, run: RunRecord, factor: float = 1.0) -> _Curve:
    have = [line for line in lines if key in line]
    unit = _unit(have)
    x = np.array([line.get(unit, np.nan) for line in have], dtype=float)
    y = factor * np.array([line[key] for line in have], dtype=float)
    keep = np.isfinite(x) & np.isfinite(y)
    return _Curve(run.seed, *_thinned(x[keep], y[keep]), run.finished)


def _draw_seeds(axes: Axes, seeds: Sequence[_Curve], style: Style, marker_from: int | None = None) -> None:
    """Every seed, and the mean of the finished ones (of all where none is): others would bend it."""
    seeds = [seed for seed in seeds if len(seed.x)]
    if len(seeds) > 1:
        for seed in seeds:
            axes.plot(seed.x, seed.y, color=style.colour, linewidth=0.9, alpha=0.6)
    averaged = [seed for seed in seeds if seed.finished] or seeds
    if not averaged:
        return
    x = max((seed.x for seed in averaged), key=len)
    mean = np.mean([np.interp(x, seed.x, seed.y, left=np.nan, right=np.nan) for seed in averaged], axis=0)
    marker = None if marker_from is None else style.marker
    every = (marker_from or 0, max(1, len(x) // 5))  # lines on top of each other still show both markers
    axes.plot(x, mean, color=style.colour, linestyle=style.line, marker=marker, markevery=every, markersize=5)


def _thinned(x: np.ndarray, y: np.ndarray, most: int = 120) -> tuple[np.ndarray, np.ndarray]:
    """Means of neighbouring points where there are more than a screen shows."""
    if len(x) <= most:
        return x, y
    parts = np.array_split(np.arange(len(x)), most)
    return np.array([x[part].mean() for part in parts]), np.array([y[part].mean() for part in parts])


def _unit(lines: Sequence[Mapping[str, float]]) -> str:
    return "epoch" if lines and "epoch" in lines[0] else "step"


def _numbers(drawn: Mapping[str, Sequence[_Curve]], unit: str, name: str) -> Numbers:
    rows = [
        (method, curve.seed, x, y)
        for method, some in drawn.items()
        for curve in some
        for x, y in zip(curve.x.tolist(), curve.y.tolist(), strict=True)
    ]
    return Numbers(("method", "seed", unit, name), rows)
