"""The charts: figures against labels, differences with intervals, learning and collapse in training."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sslkit.comparison.report.palette import Style
from sslkit.comparison.report.read import Run
from sslkit.comparison.report.svg import CARD, HALO, INK, SvgWriter, canvas
from sslkit.comparison.report.tables import Pair

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH, HEIGHT = 4.6, 2.95  # inches; on a phone the letters stay as large as they are here


@dataclass(frozen=True)
class Point:
    """A mean over seeds and its spread, as fractions; ``spread`` is None with one seed."""

    labels: str
    mean: float
    spread: float | None


def label_efficiency(
    series: Mapping[str, Sequence[Point]],
    columns: Sequence[str],
    styles: Mapping[str, Style],
    metric: str,
    svg: SvgWriter,
) -> str:
    """Mean and spread against the number of labels (``columns``, in order), a line for each method."""
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
        axes.set_xticks(range(len(columns)), columns)
        axes.set_xlim(-0.3, len(columns) - 0.7)
        axes.set_xlabel("labels per class")
        axes.set_ylabel(f"{metric}, %")
        return svg.write(figure, f"{metric} against labels per class for {', '.join(series)}")


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
        return svg.write(figure, "Paired differences with 95 % intervals")


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


def losses(runs: Mapping[str, Sequence[Run]], styles: Mapping[str, Style], svg: SvgWriter) -> str:
    """The loss of each objective on axes of its own: losses of different methods do not compare."""
    drawn = {method: some for method, some in runs.items() if any(run.training for run in some)}
    if not drawn:
        return ""
    with canvas(WIDTH, max(HEIGHT, 0.7 + 1.1 * len(drawn)), rows=len(drawn)) as (figure, panels):
        for axes, (method, some) in zip(panels, drawn.items(), strict=True):
            _draw_seeds(axes, [_curve(run.training, "loss", run) for run in some], styles[method])
            axes.set_title(method, loc="left")
        panels[-1].set_xlabel(
            _unit([line for some in drawn.values() for run in some for line in run.training])
        )
        return svg.write(figure, f"Training loss of {', '.join(drawn)}")


def monitored(
    runs: Mapping[str, Sequence[Run]],
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
    with canvas(WIDTH, HEIGHT) as (figure, (axes,)):
        for index, (method, some) in enumerate(drawn.items()):
            _draw_seeds(axes, some, styles[method], marker_from=index)
        if from_zero:
            axes.set_ylim(bottom=0)
        axes.set_ylabel(label)
        axes.set_xlabel(_unit([line for some in runs.values() for run in some for line in run.monitor]))
        return svg.write(figure, f"{label} during training for {', '.join(drawn)}")


@dataclass(frozen=True)
class _Curve:
    x: np.ndarray
    y: np.ndarray
    finished: bool


def _curve(lines: Sequence[Mapping[str, float]], key: str, run: Run, factor: float = 1.0) -> _Curve:
    have = [line for line in lines if key in line]
    unit = _unit(have)
    x = np.array([line.get(unit, np.nan) for line in have], dtype=float)
    y = factor * np.array([line[key] for line in have], dtype=float)
    keep = np.isfinite(x) & np.isfinite(y)
    return _Curve(*_thin(x[keep], y[keep]), run.finished)


def _draw_seeds(axes: Axes, seeds: Sequence[_Curve], style: Style, marker_from: int | None = None) -> None:
    """Every seed, and the mean of the finished ones (of all where none is): others would bend it."""
    seeds = [seed for seed in seeds if len(seed.x)]
    if len(seeds) > 1:
        for seed in seeds:
            axes.plot(seed.x, seed.y, color=style.colour, linewidth=0.9, alpha=0.6)
    chosen = [seed for seed in seeds if seed.finished] or seeds
    if not chosen:
        return
    x = max((seed.x for seed in chosen), key=len)
    mean = np.mean([np.interp(x, seed.x, seed.y, left=np.nan, right=np.nan) for seed in chosen], axis=0)
    marker = None if marker_from is None else style.marker
    every = (marker_from or 0, max(1, len(x) // 5))  # lines on top of each other still show both markers
    axes.plot(x, mean, color=style.colour, linestyle=style.line, marker=marker, markevery=every, markersize=5)


def _thin(x: np.ndarray, y: np.ndarray, most: int = 120) -> tuple[np.ndarray, np.ndarray]:
    """Means of neighbouring points where there are more than a screen shows."""
    if len(x) <= most:
        return x, y
    parts = np.array_split(np.arange(len(x)), most)
    return np.array([x[part].mean() for part in parts]), np.array([y[part].mean() for part in parts])


def _unit(lines: Sequence[Mapping[str, float]]) -> str:
    return "epoch" if lines and "epoch" in lines[0] else "step"
