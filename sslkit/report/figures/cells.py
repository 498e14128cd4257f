"""Table cells: what stands in a table's field, on the page and on the terminal."""

from __future__ import annotations

from dataclasses import dataclass

from sslkit.report.figures.words import interval_words, p_words, signed_points
from sslkit.statistics import Difference, Summary


@dataclass(frozen=True)
class TableCell:
    """What a table shows, ready to print.

    Attributes:
        text, spread: the figure, and its standard deviation over seeds.
        range: an interval in words, below the figure.
        chance: p-values in words, below the range.
        value: what the table sorts by.
        n: seeds.
        sure: printed bold: no chance.
        verdict: its outcome, which picks the colour.
    """

    text: str = ""
    spread: str = ""
    range: str = ""
    chance: str = ""
    value: str = ""
    n: int = 0
    sure: bool = False
    verdict: str = ""


def figure_cell(found: Summary | None) -> TableCell:
    """``89.1 ± 0.8``, in %; empty of None."""
    if found is None:
        return TableCell()
    spread = "" if found.spread is None else f"{100 * found.spread:.1f}"
    return TableCell(text=f"{100 * found.mean:.1f}", spread=spread, value=f"{found.mean:.6f}", n=found.n)


def difference_cell(found: Difference | None, with_p: bool = False) -> TableCell:
    """``+3.1`` points with its interval below, and its p-values if asked for; ``sure`` where it is no chance."""
    if found is None:
        return TableCell()
    shows_p = with_p and found.p is not None
    return TableCell(
        text=signed_points(found.mean),
        range=interval_words(found.interval),
        chance=f"p {p_words(found.p)} → {p_words(found.p_corrected)}" if shows_p else "",
        value=f"{found.mean:.6f}",
        n=found.n,
        sure=found.outcome in ("won", "lost"),
        verdict=found.outcome,
    )
