"""The table of a grid against numpy and scipy, point by point."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from sslkit.report.grid.tables import grid_table
from tests.pages.carried import carried_rows
from tests.report.grid.variant_members import ALL, one_set, variant

SIZES, VIEWS = (16, 64), ("har", "none")


@pytest.fixture
def figures() -> dict[tuple[int, str, str], np.ndarray]:
    random = np.random.default_rng(0)
    return {
        (size, views, method): 0.6 + 0.05 * random.normal(size=4)
        for size in SIZES
        for views in VIEWS
        for method in ("byol", "simclr")
    }


def table(figures: dict[tuple[int, str, str], np.ndarray]) -> dict:
    members = [
        variant(
            f"{size}{views}",
            {"training.batch_size": size, "views": views},
            {method: figures[size, views, method] for method in ("byol", "simclr")},
        )
        for size in SIZES
        for views in VIEWS
    ]
    return grid_table(one_set(*members), ALL)


def test_a_row_for_each_method_and_difference_under_each_other_value(figures) -> None:
    found = table(figures)
    assert (found["axis"], found["titles"]) == ("batch_size", ["16", "64"])
    names = [row.get("heading") or row["name"] for row in found["rows"]]
    methods = ["byol", "simclr", "byol − simclr"]
    assert names == ["views = har", *methods, "views = none", *methods]
    cell = found["rows"][1]["cells"][1]
    assert cell.text == f"{100 * figures[64, 'har', 'byol'].mean():.1f}"


def test_differences_of_a_row_are_corrected_together(figures) -> None:
    cells = table(figures)["rows"][3]["cells"]
    tests = [stats.ttest_rel(figures[s, "har", "byol"], figures[s, "har", "simclr"]) for s in SIZES]
    smaller, larger = sorted(test.pvalue for test in tests)
    corrected = {smaller: 2 * smaller, larger: max(2 * smaller, larger)}
    for cell, test in zip(cells, tests, strict=True):
        low, high = test.confidence_interval(0.95)
        sure = corrected[test.pvalue] < 0.05 and not low <= 0 <= high
        assert cell.sure == sure
        assert float(cell.value) == pytest.approx((low + high) / 2, abs=1e-6)


def test_the_csv_has_every_point(figures) -> None:
    rows = carried_rows(table(figures)["download"])
    assert len(rows) == 2 * 3 * 2
    (row,) = (
        r for r in rows
        if (r["where"], r["method_or_difference"], r["batch_size"]) == ("views = none", "simclr", "16")
    )  # fmt: skip
    values = figures[16, "none", "simclr"]
    low, high = stats.ttest_1samp(values, 0).confidence_interval(0.95)
    assert float(row["percent_or_points"]) == pytest.approx(100 * values.mean(), rel=1e-5)
    assert (float(row["low"]), float(row["high"])) == pytest.approx((100 * low, 100 * high), rel=1e-5)
    assert row["seeds"] == "4"


def test_methods_without_figures_have_no_row() -> None:
    grid = one_set(variant("1", {"x": 1}, {"byol": [0.5]}), variant("2", {"x": 2}, {}))
    (row,) = grid_table(grid, ALL)["rows"]
    assert row["name"] == "byol" and [cell.n for cell in row["cells"]] == [1, 0]
