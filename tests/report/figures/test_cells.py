"""Table cells: what they show, sort by and print bold."""

from __future__ import annotations

import pytest

from sslkit.report.figures.cells import TableCell, difference_cell, figure_cell
from sslkit.statistics import Difference, Summary


def test_a_figure_with_its_spread() -> None:
    cell = figure_cell(Summary(0.8912, 0.0083, 3))
    assert cell == TableCell(text="89.1", spread="0.8", value="0.891200", n=3)
    assert figure_cell(Summary(0.5, None, 1)).spread == ""
    assert figure_cell(None) == TableCell()


@pytest.mark.parametrize(
    ("interval", "p", "corrected", "sure", "verdict", "words"),
    [
        ((0.01, 0.03), 0.01, 0.02, True, "won", ("+2.0", "+1.0 … +3.0", "p .010 → .020")),
        ((-0.03, -0.01), 0.0004, 0.02, True, "lost", ("−2.0", "−3.0 … −1.0", "p <.001 → .020")),
        ((0.01, 0.03), 0.03, 0.09, False, "even", ("+2.0", "+1.0 … +3.0", "p .030 → .090")),
        ((-0.01, 0.03), 0.2, 1.0, False, "even", ("+1.0", "−1.0 … +3.0", "p .20 → 1")),
    ],
)
def test_a_difference_is_bold_where_it_is_no_chance(interval, p, corrected, sure, verdict, words) -> None:
    found = Difference(sum(interval) / 2, interval, 5, p, corrected)
    cell = difference_cell(found, with_p=True)
    assert (cell.sure, cell.verdict, cell.n) == (sure, verdict, 5)
    assert (cell.text, cell.range, cell.chance) == words
    assert float(cell.value) == pytest.approx(found.mean)
    assert difference_cell(found).chance == ""


def test_one_seed_has_neither_interval_nor_p() -> None:
    cell = difference_cell(Difference(0.02, None, 1), with_p=True)
    assert (cell.text, cell.range, cell.chance, cell.sure, cell.verdict) == (
        "+2.0",
        "one seed",
        "",
        False,
        "open",
    )
    assert difference_cell(None) == TableCell()
