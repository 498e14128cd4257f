"""Charts of a grid: lines along numbers, rows of dots for words, bands for what does not vary."""

from __future__ import annotations

import re

import pytest

from sslkit.pages.palette import method_styles
from sslkit.pages.svg import SvgWriter
from sslkit.report.grid.charts import grid_charts
from tests.pages.carried import carried_rows, svg_texts
from tests.report.grid.variant_members import ALL, one_set, variant

STYLES = method_styles(["byol", "simclr", "random"])
SAME = [0.3, 0.31, 0.32]


def grid(path: str, values: tuple) -> list:
    return [
        variant(
            str(value),
            {path: value},
            {"byol": [0.5 + place / 10, 0.52 + place / 10, 0.51 + place / 10], "random": SAME},
        )
        for place, value in enumerate(values)
    ]


def test_numbers_make_lines_on_a_scale_and_what_is_constant_a_band() -> None:
    (chart,), off = grid_charts(one_set(*grid("tau", (1, 10, 100))), ALL, STYLES, SvgWriter())
    texts = svg_texts(chart.svg)
    assert {"1", "10", "100", "tau (log)", "accuracy, %"} <= set(texts)
    assert chart.title == "With all labels"
    assert chart.subtitle == "linear probe, mean and 95 % interval over 3 seeds"
    assert not off
    rows = carried_rows(chart.svg)
    assert [row["mean_percent"] for row in rows if row["method"] == "byol"] == ["51", "61", "71"]
    assert len(rows) == 6
    assert len(re.findall(r"opacity: 0.13", chart.svg)) == 1  # the band


def test_words_make_a_row_of_dots_each() -> None:
    (chart,), _ = grid_charts(one_set(*grid("views", ("har", "none"))), ALL, STYLES, SvgWriter())
    assert {"har", "none", "views", "accuracy, %"} <= set(svg_texts(chart.svg))
    assert 'aria-label="accuracy by views, With all labels"' in chart.svg


def test_a_panel_for_each_value_of_the_other_axes_all_on_one_scale() -> None:
    members = [
        variant(f"{a}{b}", {"x": a, "views": b}, {"byol": [0.1 * a, 0.1 * a + 0.01]})
        for a in (1, 2, 3)
        for b in ("har", "none")
    ]
    charts, _ = grid_charts(one_set(*members), ALL, STYLES, SvgWriter())
    assert [chart.subtitle.split(":")[0] for chart in charts] == ["views = har", "views = none"]
    heights = [[float(y) for y in re.findall(r'<text[^>]*y="([\d.]+)"', chart.svg)] for chart in charts]
    assert heights[0] == heights[1]


@pytest.mark.parametrize(("count", "words"), [(1, "one seed"), (2, "over 2 seeds")])
def test_few_seeds_are_said(count: int, words: str) -> None:
    members = [variant(str(x), {"x": x}, {"byol": [0.5, 0.6][:count]}) for x in (1, 2)]
    (chart,), off = grid_charts(one_set(*members), ALL, STYLES, SvgWriter())
    assert chart.subtitle.endswith(words)
    assert off == (count == 2)  # an interval of two seeds is wider than the chart


def test_nothing_is_drawn_of_no_figures() -> None:
    assert grid_charts(one_set(variant("1", {"x": 1}, {})), ALL, STYLES, SvgWriter()) == ([], False)
