"""The audit's charts: shares with intervals, confusion, reliability."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from sslkit.pages.numbers import Numbers, interval_percent, percent
from sslkit.pages.palette import Style
from sslkit.pages.svg import CHART_HEIGHT, CHART_WIDTH, INK, MUTED, SvgWriter, canvas
from sslkit.statistics.audit.breakdown import Subgroup
from sslkit.statistics.audit.calibration import ReliabilityBins

FAINTEST = 0.005  # share of a class from which on a field of the confusion matrix is drawn
WRITTEN_CLASSES = 12  # up to which its numbers fit
LONGEST = 16  # letters of a name on an axis


def draw_subgroups(
    methods: Mapping[str, Sequence[Subgroup]],
    names: Mapping[int, str],
    styles: Mapping[str, Style],
    svg: SvgWriter,
) -> str:
    """A row for each class or group, in it a point with its interval for each method."""
    rows = {key: y for y, key in enumerate(names)}
    step = 0.7 / max(1, len(methods))
    height = 0.6 + max(0.2, 0.075 * len(methods)) * len(rows)
    with canvas(CHART_WIDTH, height, grid=False) as (figure, (axes,)):
        for place, (method, found) in enumerate(methods.items()):
            style = styles[method]
            shift = step * (place - (len(methods) - 1) / 2)
            own = [item for item in found if item.key in rows]
            y = [rows[item.key] + shift for item in own]
            low, high = ([100 * item.interval[end] for item in own] for end in (0, 1))
            axes.hlines(y, low, high, color=style.colour, linewidth=1.1)
            share = [100 * item.share for item in own]
            axes.plot(share, y, color=style.colour, marker=style.marker, linestyle="none", markersize=4)
        axes.set_ylim(len(rows) - 0.5, -0.5)
        axes.set_xlim(_start([100 * item.interval[0] for some in methods.values() for item in some]), 101)
        axes.set_yticks(list(rows.values()), [_short(name) for name in names.values()])
        axes.grid(axis="x")
        axes.spines["left"].set_visible(False)
        axes.set_xlabel("right, %")
        label = f"Share of right answers of {', '.join(methods)} by {', '.join(names.values())}"
        numbers = Numbers(
            ("method", "of", "right_percent", "low", "high", "samples", "interval_by"),
            [
                (
                    method,
                    names[item.key],
                    percent(item.share),
                    *interval_percent(item.interval),
                    item.count,
                    item.interval_by,
                )
                for method, found in methods.items()
                for item in found
                if item.key in names
            ],
        )
        return svg.write(figure, label, numbers)


def draw_confusion(table: np.ndarray, names: Sequence[str], style: Style, svg: SvgWriter) -> str:
    """Rows: true classes; the stronger the colour, the larger the share of the row that was answered so."""
    from matplotlib.patches import Rectangle

    shares = table / np.maximum(table.sum(axis=1, keepdims=True), 1)
    count = len(table)
    labels = [_short(names[index]) if index < len(names) else str(index) for index in range(count)]
    with canvas(CHART_WIDTH, CHART_WIDTH * 0.95, grid=False) as (figure, (axes,)):
        for row, column in np.argwhere(shares >= FAINTEST):
            share = float(shares[row, column])
            axes.add_patch(
                Rectangle(
                    (column - 0.5, row - 0.5),
                    1,
                    1,
                    facecolor=style.colour,
                    alpha=round(0.08 + 0.72 * share, 3),
                    linewidth=0,
                )
            )
            if count <= WRITTEN_CLASSES:
                axes.text(column, row, f"{100 * share:.0f}", ha="center", va="center", color=INK, fontsize=8)
        axes.set_xlim(-0.5, count - 0.5)
        axes.set_ylim(count - 0.5, -0.5)
        size = 8 if count <= 20 else 5
        upright = max(map(len, labels), default=0) <= 2
        axes.set_xticks(range(count), labels, rotation=0 if upright else 90, fontsize=size)
        axes.set_yticks(range(count), labels, fontsize=size)
        axes.set_xlabel("answered (shares of the true class in %)")
        axes.set_ylabel("true class")
        full = [names[index] if index < len(names) else str(index) for index in range(count)]
        numbers = Numbers(
            ("true_class", "answered", "samples", "share_percent"),
            [
                (full[row], full[column], float(table[row, column]), percent(float(shares[row, column])))
                for row, column in np.ndindex(*table.shape)
            ],
        )
        return svg.write(figure, "Confusion matrix", numbers)


def draw_reliability(
    found: Mapping[str, ReliabilityBins], styles: Mapping[str, Style], svg: SvgWriter
) -> str:
    """Share of right answers against confidence, larger markers for bins of more samples."""
    with canvas(CHART_WIDTH, CHART_HEIGHT) as (figure, (axes,)):
        axes.plot([0, 100], [0, 100], color=MUTED, linewidth=0.9)
        for method, bins in found.items():
            style = styles[method]
            axes.plot(
                100 * bins.confidence,
                100 * bins.right,
                color=style.colour,
                linestyle=style.line,
                linewidth=1.3,
            )
            size = 8 + 60 * bins.count / bins.count.sum()
            axes.scatter(
                100 * bins.confidence, 100 * bins.right, s=size, color=style.colour, marker=style.marker
            )
        axes.set_xlim(0, 101)
        axes.set_ylim(0, 101)
        axes.set_xlabel("confidence, %")
        axes.set_ylabel("right, %")
        numbers = Numbers(
            ("method", "confidence_percent", "right_percent", "samples"),
            [
                (method, 100 * sure, 100 * right, count)
                for method, bins in found.items()
                for sure, right, count in zip(
                    bins.confidence.tolist(), bins.right.tolist(), bins.count.tolist(), strict=True
                )
            ],
        )
        return svg.write(figure, f"Reliability of {', '.join(found)}", numbers)


def _start(low: Sequence[float]) -> float:
    """Where the axis of shares begins: at 0, unless that leaves more than half of the chart empty."""
    lowest = min(low, default=0.0)
    return 0.0 if lowest < 50 else float(10 * (lowest // 10))


def _short(name: str) -> str:
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"
