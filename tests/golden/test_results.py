"""Comparisons give the ``results.csv`` that the golden files hold."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.golden import configs, measuring
from tests.golden.checking import table_problems
from tests.golden.files import RESULTS


@pytest.mark.parametrize("title", configs.STUDIES)
def test_results_are_as_they_were(title: str, tmp_path: Path, exact: bool) -> None:
    run = measuring.compare(tmp_path, configs.STUDIES[title])
    assert table_problems(RESULTS / f"{title}.csv", run / "results.csv", exact) == []


def lines_of(title: str) -> list[str]:
    return (RESULTS / f"{title}.csv").read_text().splitlines()


def shifted(line: str, column: int, by: float) -> str:
    cells = line.split(",")
    cells[column] = str(float(cells[column]) + by)
    return ",".join(cells)


DAMAGES: dict[str, Callable[[list[str]], list[str]]] = {
    "a row is missing": lambda lines: lines[:-1],
    "a row is there twice under another name": lambda lines: [*lines, lines[-1].replace("sensors", "waves")],
    "one figure is far off": lambda lines: [lines[0], shifted(lines[1], 7, 0.3), *lines[2:]],
    "all figures are two samples off": lambda lines: [lines[0], *(shifted(x, 7, 0.09) for x in lines[1:])],
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_table_is_seen(damage: str, tmp_path: Path) -> None:
    golden, damaged = RESULTS / "two-modalities.csv", tmp_path / "results.csv"
    damaged.write_text("\n".join(DAMAGES[damage](lines_of("two-modalities"))) + "\n")
    assert table_problems(golden, golden, exact=True) == table_problems(golden, golden, exact=False) == []
    assert table_problems(golden, damaged, exact=False) != []
    assert table_problems(golden, damaged, exact=True) != []


def test_the_last_digit_counts_where_bits_are_compared(tmp_path: Path) -> None:
    lines, damaged = lines_of("two-modalities"), tmp_path / "results.csv"
    damaged.write_text("\n".join([*lines[:1], shifted(lines[1], 7, 1e-15), *lines[2:]]) + "\n")
    assert len(table_problems(RESULTS / "two-modalities.csv", damaged, exact=True)) == 1
    assert table_problems(RESULTS / "two-modalities.csv", damaged, exact=False) == []
