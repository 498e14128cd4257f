"""The line charts: figures against labels, differences with intervals, learning and collapse during training."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sslkit.comparison.report.palette import Style
from sslkit.comparison.report.read import Run
from sslkit.comparison.report.svg import CARD, INK, SvgWriter, canvas
from sslkit.comparison.report.tables import Pair

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH, HEIGHT = 5.2, 3.3


@dataclass(frozen=True)
class Point:
    """A mean over seeds and its spread, as fractions; ``spread`` is None with one seed."""

    labels: str
    mean: float
    spread: float | None


def label_efficiency(
    series: Mapping[str, Sequence[Point]], columns: Sequence[str], styles: Mapping[str, Style], metric: str,
    svg: SvgWriter,
) -> str:  # fmt: skip
    """Mean and spread against the number of labels (``columns``, in order), a line for each method."""
    with canvas(WIDTH, HEIGHT) as (figure, (axes,)):
        for index, (method, points) in enumerate(series.items()):
            shift = 0.05 * (index - (len(series) - 1) / 2)  # error bars stand side by side
            x = [columns.index(point.labels) + shift for point in points]
            y = [100 * point.mean for point in points]
            spread = [100 * (point.spread or 0.0) for point in points]
            style = styles[method]
            axes.errorbar(
                x, y, yerr=spread, color=style.colour, linestyle=style.line, marker=style.marker,
                elinewidth=1, capsize=2,
            )  # fmt: skip
        axes.set_xticks(range(len(columns)), columns)
        axes.set_xlim(-0.3, len(columns) - 0.7)
        axes.set_xlabel("labels per class")
        axes.set_ylabel(f"{metric}, %")
        return svg.write(figure, f"{metric} against labels per class for {', '.join(series)}")


def differences(found: Sequence[Pair], styles: Mapping[str, Style], svg: SvgWriter) -> str:
    """Paired differences with their intervals around a line at zero; hollow where the interval spans it."""
    rows: list[Pair | str] = []
    for condition in dict.fromkeys(item.column.condition for item in found):
        rows += [condition, *(item for item in found if item.column.condition == condition)]
    with canvas(WIDTH, 0.55 + 0.235 * len(rows), grid=False) as (figure, (axes,)):
        for y, row in enumerate(rows):
            if isinstance(row, str):
                axes.text(0.0, y, row, transform=axes.get_yaxis_transform(), va="center", weight="bold")
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
        [100 * row.difference.mean], [y], color=style.colour, marker=style.marker, linestyle="none",
        markerfacecolor=style.colour if sure else CARD, markersize=6,
    )  # fmt: skip


def losses(runs: Mapping[str, Sequence[Run]], styles: Mapping[str, Style], svg: SvgWriter) -> str:
    """The loss of each objective on axes of its own: losses of different methods do not compare."""
    drawn = {method: some for method, some in runs.items() if any(run.training for run in some)}
    if not drawn:
        return ""
    with canvas(WIDTH, max(HEIGHT, 0.7 + 1.1 * len(drawn)), rows=len(drawn)) as (figure, panels):
        for axes, (method, some) in zip(panels, drawn.items(), strict=True):
            _seeds(axes, [(run.training, "loss") for run in some], styles[method])
            axes.set_title(method, loc="left")
        panels[-1].set_xlabel(_progress_label([run.training for some in drawn.values() for run in some]))
        return svg.write(figure, f"Training loss of {', '.join(drawn)}")


def monitored(
    runs: Mapping[str, Sequence[Run]], styles: Mapping[str, Style], key: str, label: str, svg: SvgWriter,
    factor: float = 1.0, from_zero: bool = False,
) -> str:  # fmt: skip
    """One figure that was watched during training, a thin line for each seed and a bold one for their mean."""
    drawn = {
        method: some
        for method, some in runs.items()
        if any(key in line for run in some for line in run.monitor)
    }
    if not drawn:
        return ""
    with canvas(WIDTH, HEIGHT) as (figure, (axes,)):
        for method, some in drawn.items():
            lines = [[line for line in run.monitor if key in line] for run in some]
            _seeds(axes, [(line, key) for line in lines], styles[method], factor, markers=True)
        if from_zero:
            axes.set_ylim(bottom=0)
        axes.set_ylabel(label)
        axes.set_xlabel(_progress_label([run.monitor for some in drawn.values() for run in some]))
        return svg.write(figure, f"{label} during training for {', '.join(drawn)}")


def _seeds(
    axes: Axes, lines: Sequence[tuple[list[dict[str, float]], str]], style: Style, factor: float = 1,
    markers: bool = False,
) -> None:  # fmt: skip
    curves = []
    for line, key in lines:
        if not line:
            continue
        unit = "epoch" if "epoch" in line[0] else "step"
        x = np.array([entry.get(unit, np.nan) for entry in line], dtype=float)
        y = factor * np.array([entry[key] for entry in line], dtype=float)
        keep = np.isfinite(x) & np.isfinite(y)
        x, y = _thin(x[keep], y[keep])
        curves.append((x, y))
        if len(lines) > 1:
            axes.plot(x, y, color=style.colour, linewidth=0.7, alpha=0.45)
    if not curves:
        return
    whole = max(curves, key=lambda curve: len(curve[0]))[0]
    table = [np.interp(whole, x, y, left=np.nan, right=np.nan) for x, y in curves if len(x)]
    counted = np.sum(np.isfinite(table), axis=0)
    mean = np.nansum(table, axis=0) / np.maximum(counted, 1)
    everyone = counted == len(table)  # a mean over fewer seeds would jump where an unfinished run ends
    every = max(1, len(whole) // 8)
    axes.plot(
        whole[everyone], mean[everyone], color=style.colour, linestyle=style.line,
        marker=style.marker if markers else None, markevery=every, markersize=5,
    )  # fmt: skip


def _thin(x: np.ndarray, y: np.ndarray, most: int = 120) -> tuple[np.ndarray, np.ndarray]:
    """Means of neighbouring points where there are more than a screen shows."""
    if len(x) <= most:
        return x, y
    parts = np.array_split(np.arange(len(x)), most)
    return np.array([x[part].mean() for part in parts]), np.array([y[part].mean() for part in parts])


def _progress_label(lines: Sequence[list[dict[str, float]]]) -> str:
    return "epoch" if any("epoch" in entry for line in lines for entry in line[:1]) else "step"

