"""The tables of results; their numbers on a whole page are in ``test_write``."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sslkit.pages.palette import method_styles
from sslkit.report.results.tables import difference_table, headline_table
from tests.pages.carried import carried_rows
from tests.report.fake_member import fake_member

FIGURES = {
    "byol": [0.80, 0.82, 0.81],
    "simclr": [0.70, 0.72],
    "random": [0.60, 0.61, 0.62],
    "supervised": [0.7, 0.8, 0.9],
}
STYLES = method_styles(list(FIGURES))


def test_headline_rows_marks_and_seeds() -> None:
    table = headline_table(fake_member(FIGURES, labels=("all", "10")), STYLES)
    assert [(row["name"], row["mark"], row["first_baseline"], row["n"]) for row in table["rows"]] == [
        ("byol", "", False, 3), ("simclr", "", False, 2), ("random", "", True, 3), ("supervised", "†", False, 3),
    ]  # fmt: skip
    assert [cell.text for cell in table["rows"][0]["cells"]] == ["81.0", "81.0"]
    assert table["rows"][1]["cells"][0].spread == "1.4"
    assert table["groups"] == [{"title": "Linear probe", "span": 2}]
    assert "† The whole network was trained" in table["note"]


def test_headline_notes_and_csv() -> None:
    member = fake_member({"byol": [0.5, 0.7]})
    by_group = replace(member, facts={**member.facts, "draw_by": "group", "primary_metric": "accuracy"})
    table = headline_table(by_group, STYLES)
    assert table["note"] == (
        "Accuracy in %, mean ± standard deviation over seeds. Few labels come from one group after another, so from "
        "few groups."
    )
    (row,) = carried_rows(table["download"])
    assert row == {
        "method": "byol", "evaluator": "linear", "labels_per_class": "all", "mean_percent": "60",
        "sd_percent": "14.1421", "seeds": "2",
    }  # fmt: skip


def test_without_figures_there_is_no_headline() -> None:
    member = replace(fake_member({}), planned=("byol",))
    assert headline_table(member, STYLES)["rows"] == []
    assert difference_table(member)["rows"] == []


def test_differences_by_objective_with_the_seeds_of_both() -> None:
    table = difference_table(fake_member(FIGURES))
    assert [(row["name"], row["n"], row["first_of_objective"]) for row in table["rows"]] == [
        ("byol − simclr", 2, True), ("byol − random", 3, False), ("byol − supervised", 3, False),
        ("simclr − random", 2, True), ("simclr − supervised", 2, False),
    ]  # fmt: skip
    assert table["rows"][0]["cells"][0].text == "+10.0"
    assert len(table["every"]) == len(carried_rows(table["download"])) == 5


def test_each_difference_in_full() -> None:
    (row,) = difference_table(fake_member({"byol": [0.5, 0.6, 0.8], "random": [0.4, 0.4, 0.4]}))["every"]
    texts = [figure["text"] for figure in row["figures"]]
    assert (row["name"], row["question"]) == ("byol − random", "Linear probe, all labels")
    assert texts[0] == "−14.6 … +61.3" and texts[4] == "3"  # 23.3 ± t(2) 4.303 · 15.28 / √3
    # d_z 23.33 / 15.28 = 1.53, times J(2) = .5642
    assert row["figures"][3]["value"] == pytest.approx(1.5275 * 0.5642, rel=1e-3)
    assert row["figures"][1]["value"] == row["figures"][2]["value"]  # alone in its family
