"""All data sets at a glance."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sslkit.pages.palette import method_styles
from sslkit.pages.svg import SvgWriter
from sslkit.report.members import Comparison, Member, RunRecord
from sslkit.report.overview import overview_section, ranks_section
from tests.pages.carried import carried_rows
from tests.report.fake_member import fake_member

METHODS = ["byol", "simclr", "random"]


def comparison(*members: Member) -> Comparison:
    return Comparison("c", Path("c"), {}, list(members))


@pytest.fixture
def two() -> Comparison:
    good = fake_member(
        {"byol": [0.8, 0.81, 0.79], "simclr": [0.7, 0.71, 0.69], "random": [0.5, 0.51, 0.49]}, "good"
    )
    lost = fake_member(
        {"byol": [0.4, 0.41], "random": [0.6, 0.61, 0.62]},
        "lost",
        runs=[RunRecord("byol", 0, alarms=("low rank",))],
    )
    return comparison(good, replace(lost, planned=("handcrafted",)))  # which has no figures yet


def test_one_data_set_has_no_overview() -> None:
    assert overview_section(comparison(fake_member({"byol": [0.5]})), METHODS) is None


def test_a_row_for_each_data_set(two: Comparison) -> None:
    found = overview_section(two, METHODS)
    assert found is not None
    good, lost = found["rows"]
    assert found["pairs"] == ["byol − simclr"]
    assert [cell.text for cell in good["cells"]] == ["80.0", "70.0", "50.0"]
    assert [cell.text for cell in lost["cells"]] == ["40.5", "", "61.0"]
    assert (good["pairs"][0].text, lost["pairs"][0].text) == ("+10.0", "")
    assert (good["n"], lost["n"]) == ("3", "2 … 3")
    assert (good["alarms"], lost["alarms"]) == (0, 1)
    assert (good["anchor"], lost["anchor"]) == ("data-1-good", "data-2-lost")
    assert lost["metric"] == "accuracy"


def test_what_lost_to_a_baseline_is_named() -> None:
    lost = fake_member({"byol": [0.4, 0.41, 0.39], "random": [0.6, 0.61, 0.59]}, "lost")
    found = overview_section(comparison(lost, fake_member({"byol": [0.4]}, "one")), METHODS)
    assert found is not None
    assert [row["lost"] for row in found["rows"]] == ["byol lost to random", ""]


def test_the_csv_has_every_figure(two: Comparison) -> None:
    found = overview_section(two, METHODS)
    assert found is not None
    rows = carried_rows(found["download"])
    assert [(row["data"], row["method"], row["seeds"]) for row in rows] == [
        ("good", "byol", "3"), ("good", "simclr", "3"), ("good", "random", "3"), ("lost", "byol", "2"),
        ("lost", "random", "3"),
    ]  # fmt: skip
    assert float(rows[3]["mean_percent"]) == pytest.approx(40.5)


def test_a_data_set_without_figures_has_an_empty_row(two: Comparison) -> None:
    found = overview_section(comparison(*two.members, fake_member({}, "new")), METHODS)
    assert found is not None
    assert not any(cell.text for cell in found["rows"][2]["cells"]) and found["rows"][2]["n"] == ""


def test_ranks_are_drawn_of_three_data_sets(two: Comparison) -> None:
    styles = method_styles(METHODS)
    none = ranks_section(two, styles, SvgWriter())
    assert none["charts"] == [] and none["why_none"].endswith("here are 2 data sets.")
    figures = {"byol": [0.8, 0.82], "simclr": [0.7, 0.71], "random": [0.5, 0.52]}
    three = comparison(*(fake_member(figures, str(number)) for number in range(3)))
    found = ranks_section(three, styles, SvgWriter())
    ((chart,), (said,)) = found["charts"], found["sentences"]
    assert chart.title == "Mean ranks, linear probe, all labels"
    assert chart.subtitle == "N = 3 data sets; 1 is best"
    assert said.text.startswith("With all labels, over 3 data sets the mean ranks are byol (1.0)")
    assert found["why_none"] == ""
