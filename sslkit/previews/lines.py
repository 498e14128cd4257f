"""Signals as small SVG plots that share one scale."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from einops import rearrange, repeat

WIDTH, HEIGHT = 300.0, 110.0
MARGIN = 0.04  # of the range, above and below
MOST_POINTS = 480  # longer lines are drawn as the lowest and the highest value of each piece


@dataclass(frozen=True)
class Line:
    """One channel; NaN leaves a gap. The colour is CSS."""

    x: np.ndarray
    y: np.ndarray
    colour: str


def draw_lines(plots: Sequence[Sequence[Line]], name: str, label: str, unit: str) -> tuple[list[str], str]:
    """An ``<svg>`` for each plot, the first beneath all the others in grey, and the scale in words.

    Args:
        plots: lines of each.
        name: of the first plot, for references to it; no other on the page has it.
        label: what a screen reader says.
        unit: of the x axis.
    """
    x_low, x_high = _range([line.x for lines in plots for line in lines])
    low, high = _range([line.y for lines in plots for line in lines])
    margin = MARGIN * (high - low)
    box = (x_low, x_high, low - margin, high + margin)
    drawings = []
    for number, lines in enumerate(plots):
        paths = "".join(_element(line, box) for line in lines)
        body = f'<g id="{name}">{paths}</g>'
        if number:
            body = f'<use href="#{name}" class="ghost"/><g>{paths}</g>'
        drawings.append(
            f'<svg class="plot" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" preserveAspectRatio="none" role="img" '
            f'aria-label="{html.escape(label)}">{_zero(box)}{body}</svg>'
        )
    words = f"{x_high - x_low:.3g} {unit}".rstrip() + f" across, from {low:.3g} to {high:.3g}"
    return drawings, words.replace("-", "−")


def _range(values: Sequence[np.ndarray]) -> tuple[float, float]:
    every = np.concatenate(values)
    every = every[np.isfinite(every)]
    low, high = (float(every.min()), float(every.max())) if len(every) else (0.0, 1.0)
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def _zero(box: tuple[float, float, float, float]) -> str:
    height = HEIGHT * box[3] / (box[3] - box[2])
    return f'<path class="zero" d="M0 {height:.1f}H{WIDTH:g}"/>' if 0 <= height <= HEIGHT else ""


def _element(line: Line, box: tuple[float, float, float, float]) -> str:
    """What a reference can colour anew: ``--over`` goes before the line's own colour."""
    style = f"stroke:var(--over,{line.colour});vector-effect:non-scaling-stroke"
    return f'<path d="{_path(line, box)}" style="{style}"/>'


def _path(line: Line, box: tuple[float, float, float, float]) -> str:
    x, y = _thinned(line.x, line.y)
    across = WIDTH * (x - box[0]) / (box[1] - box[0])
    down = HEIGHT * (box[3] - y) / (box[3] - box[2])
    pieces, pen = [], "M"
    for right, below in zip(across.tolist(), down.tolist(), strict=True):
        if not np.isfinite(below):
            pen = "M"
            continue
        pieces.append(f"{pen}{right:.1f} {below:.1f}")
        pen = "L"
    return "".join(pieces)


def _thinned(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of a long line the lowest and the highest value of each piece, one after the other."""
    if len(y) <= MOST_POINTS:
        return x, y
    starts = np.linspace(0, len(y), MOST_POINTS // 2 + 1).astype(int)[:-1]
    finite = np.isfinite(y)
    low = np.minimum.reduceat(np.where(finite, y, np.inf), starts)
    high = np.maximum.reduceat(np.where(finite, y, -np.inf), starts)
    values = rearrange([low, high], "ends pieces -> (pieces ends)")
    values[~np.isfinite(values)] = np.nan
    return repeat(x[starts], "pieces -> (pieces ends)", ends=2), values
