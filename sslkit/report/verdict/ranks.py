"""The critical-difference diagram: which methods differ over several data sets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sslkit.pages.numbers import Numbers
from sslkit.pages.palette import Style
from sslkit.pages.svg import CHART_WIDTH, INK, MUTED, SvgWriter, canvas
from sslkit.report.figures.columns import Column, asked_columns, column_figures
from sslkit.report.members import Comparison, Member
from sslkit.statistics import RankComparison, compare_ranks, summarise
from sslkit.statistics.ranks import FEWEST

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True)
class Ranking:
    """Ranks of the methods that all data sets have, under one condition."""

    column: Column
    found: RankComparison


def rankings(comparison: Comparison) -> list[Ranking]:
    """Ranks over all data sets under each condition that is asked about and that all have."""
    asked = [asked_columns(member) for member in comparison.members]
    common = [
        column
        for column in (asked[0] if asked else [])
        if all(
            any((c.evaluator, c.labels) == (column.evaluator, column.labels) for c in some) for some in asked
        )
    ]
    found = []
    for column in common:
        methods = methods_of_all(comparison, column)
        if len(comparison.members) >= FEWEST and len(methods) >= FEWEST:
            means = [[_mean(member, name, column) for name in methods] for member in comparison.members]
            found.append(Ranking(column, compare_ranks(np.array(means), methods)))
    return found


def no_ranking_words(comparison: Comparison) -> str:
    """What is missing for a diagram, in words."""
    sets = len(comparison.members)
    here = f"here {'is 1 data set' if sets == 1 else f'are {sets} data sets'}"
    if sets >= FEWEST:
        here = "here are fewer methods, or no label budget in common"
    needed = f"{FEWEST} methods with figures on each of {FEWEST} data sets"
    return f"No critical-difference diagram: it needs {needed}; {here}."


def methods_of_all(comparison: Comparison, column: Column) -> list[str]:
    """Methods with figures on every data set."""
    names = comparison.members[0].methods
    return [name for name in names if all(column_figures(m, name, column) for m in comparison.members)]


def _mean(member: Member, method: str, column: Column) -> float:
    return summarise(column_figures(member, method, column)).mean


def draw_ranks(found: RankComparison, styles: Mapping[str, Style], svg: SvgWriter) -> str:
    """Methods on an axis of mean ranks, best left; a bar joins those that are not distinguishable.

    Source: Demšar 2006, JMLR 7, figure 1.
    """
    k = len(found.ranks)
    half = (k + 1) // 2
    bars = max(1, len(found.cliques))
    first_row = 0.9 + 0.45 * bars
    height = first_row + 0.8 * half
    with canvas(CHART_WIDTH, 0.45 + 0.28 * (height + 1.2), grid=False) as (figure, (axes,)):
        axes.axis("off")
        margin = 0.42 * (k - 1)
        axes.set_xlim(1 - margin, k + margin)
        axes.set_ylim(height, -2.2)
        _scale(axes, k, found.critical_difference)
        for index, (name, rank) in enumerate(found.ranks.items()):
            left = index < half
            row = index if left else k - 1 - index
            _leader(axes, name, rank, first_row + 0.8 * row, 1 if left else k, left, styles[name])
        for level, clique in enumerate(found.cliques):
            ends = [found.ranks[clique[0]] - 0.04, found.ranks[clique[-1]] + 0.04]
            y = 0.65 + 0.45 * level
            axes.plot(ends, [y, y], color=INK, linewidth=4, solid_capstyle="round")
        label = ", ".join(f"{name} {rank:.2f}" for name, rank in found.ranks.items())
        numbers = Numbers(
            (
                "method",
                "mean_rank",
                "data_sets",
                "critical_difference",
                "friedman_p",
                "not_distinguishable_from",
            ),
            [
                (name, rank, found.n, found.critical_difference, found.p, _alike(found, name))
                for name, rank in found.ranks.items()
            ],
        )
        return svg.write(figure, f"Critical-difference diagram. Mean ranks: {label}", numbers)


def _alike(found: RankComparison, name: str) -> str:
    others = {other for clique in found.cliques if name in clique for other in clique} - {name}
    return "; ".join(other for other in found.ranks if other in others)


def _scale(axes: Axes, k: int, critical: float) -> None:
    axes.plot([1, k], [0, 0], color=INK, linewidth=1)
    for rank in range(1, k + 1):
        axes.plot([rank, rank], [0, -0.2], color=INK, linewidth=1)
        axes.text(rank, -0.3, str(rank), ha="center", va="bottom", color=MUTED)
    shown = min(critical, k - 1)
    axes.plot([1, 1 + shown], [-1.35, -1.35], color=INK, linewidth=1.2, marker="|", markersize=7)
    axes.text(
        1 + shown / 2, -1.5, f"critical difference {critical:.2f}", ha="center", va="bottom", color=MUTED
    )


def _leader(axes: Axes, name: str, rank: float, y: float, edge: int, left: bool, style: Style) -> None:
    outside = edge + (-0.06 if left else 0.06)
    axes.plot([rank, rank, outside], [0, y, y], color=style.colour, linewidth=1)
    axes.plot([rank], [0], color=style.colour, marker=style.marker, markersize=6, linestyle="none")
    axes.text(
        outside + (-0.06 if left else 0.06),
        y,
        f"{name} {rank:.1f}" if left else f"{rank:.1f} {name}",
        ha="right" if left else "left",
        va="center",
    )
