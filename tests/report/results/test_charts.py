"""Charts of results: label curves for each evaluator, paired differences."""

from __future__ import annotations

import re
from dataclasses import replace

from sslkit.pages.palette import method_styles
from sslkit.pages.svg import SvgWriter
from sslkit.report.figures.columns import columns_of
from sslkit.report.figures.differences import method_differences
from sslkit.report.results.charts import draw_differences, result_charts
from tests.pages.carried import carried_rows, svg_texts
from tests.report.fake_member import fake_member

FIGURES = {"byol": [0.80, 0.81, 0.79], "simclr": [0.805, 0.79, 0.80], "random": [0.600, 0.611, 0.592]}
STYLES = method_styles(list(FIGURES))


def test_a_label_chart_for_each_evaluator_and_the_differences_second() -> None:
    member = fake_member(FIGURES, labels=("all", "10", "5"))
    neighbours = [{**row, "evaluator": "knn"} for row in member.rows]
    charts = result_charts(replace(member, rows=[*member.rows, *neighbours]), STYLES, SvgWriter())
    assert [(chart.title, chart.tall) for chart in charts] == [
        ("How far few labels go", False), ("Paired differences", True), ("How far few labels go", False),
    ]  # fmt: skip
    assert [chart.subtitle for chart in charts[::2]] == ["Linear probe", "kNN"]
    assert charts[1].subtitle == "Linear probe, 95 % intervals over seeds, n = 3"
    budgets = [row["labels_per_class"] for row in carried_rows(charts[0].svg) if row["method"] == "byol"]
    assert budgets == ["5", "10", "all"]


def test_one_budget_is_no_curve_and_one_method_no_difference() -> None:
    (chart,) = result_charts(fake_member(FIGURES), STYLES, SvgWriter())
    assert chart.title == "Paired differences"
    assert result_charts(fake_member({"byol": [0.5]}), STYLES, SvgWriter()) == []


def test_methods_without_figures_are_not_drawn() -> None:
    member = fake_member({"byol": [0.5]}, labels=("all", "5"))
    (chart,) = result_charts(replace(member, planned=("byol", "simclr")), STYLES, SvgWriter())
    assert {row["method"] for row in carried_rows(chart.svg)} == {"byol"}


def test_differences_by_condition_filled_where_they_are_sure() -> None:
    member = fake_member(FIGURES, labels=("all", "10"))
    found = [item for column in columns_of(member) for item in method_differences(member, column)]
    picture = draw_differences(found, STYLES, SvgWriter())
    texts = svg_texts(picture)
    assert "With all labels" in texts and "With 10 labels per class" in texts
    assert texts.count("byol − random") == 2
    dots = re.findall(r'<use [^>]*style="fill: (var\(--\w+\))', picture)
    assert dots.count("var(--card)") == sum(item.outcome == "even" for item in found) == 2
    assert len(carried_rows(picture)) == len(found) == 6


def test_seeds_that_differ_are_said() -> None:
    (chart,) = result_charts(fake_member({**FIGURES, "random": [0.6, 0.61]}), STYLES, SvgWriter())
    assert chart.subtitle.endswith("n = 2 … 3")
