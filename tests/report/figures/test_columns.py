"""Columns: their order, which are asked about, and the figures in them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sslkit.report.figures.columns import (
    Column,
    asked_columns,
    column_figures,
    column_summary,
    columns_of,
    trained_end_to_end,
)
from tests.report.fake_member import fake_member
from tests.report.fine_tuning.tuned_member import tuned_member

FIGURES = {"byol": [0.8, 0.6], "supervised": [0.5, 0.7]}


def test_the_probe_stands_first_with_most_labels_first() -> None:
    member = fake_member(FIGURES, labels=("5", "all", "50"))
    neighbours = [{**row, "evaluator": "knn"} for row in member.rows if row["objective"] == "byol"]
    both = replace(member, rows=[*neighbours, *member.rows])
    assert [(column.evaluator, column.labels, column.first) for column in columns_of(both)] == [
        ("linear", "all", True), ("linear", "50", False), ("linear", "5", False),
        ("knn", "all", True), ("knn", "50", False), ("knn", "5", False),
    ]  # fmt: skip


def test_policies_are_not_among_the_probes_columns() -> None:
    member = tuned_member({("a", labels): 0.0 for labels in ("all", "10%", "5", "1%", "50", "1")})
    assert {column.evaluator for column in columns_of(member)} == {"linear"}
    assert [column.labels for column in columns_of(member)] == ["all", "50", "10%", "5", "1%", "1"]
    alone = replace(member, rows=[row for row in member.rows if row["evaluator"] == "a"])
    assert {column.evaluator for column in columns_of(alone)} == {"a"}


@pytest.mark.parametrize(
    ("labels", "asked"),
    [(("all", "50", "10", "5"), ["all", "10"]), (("all", "50", "5"), ["all", "5"]), (("all",), ["all"])],
)
def test_all_labels_and_few_are_asked_about(labels: tuple[str, ...], asked: list[str]) -> None:
    assert [column.labels for column in asked_columns(fake_member(FIGURES, labels=labels))] == asked


def test_without_a_probe_the_first_column_is_asked_about() -> None:
    member = fake_member({"byol": [0.8]})
    other = replace(member, rows=[{**row, "evaluator": "knn"} for row in member.rows])
    assert asked_columns(other) == [Column("knn", "all", first=True)]
    assert asked_columns(replace(member, rows=[])) == []


def test_training_end_to_end_stands_in_the_probes_columns() -> None:
    member = fake_member(FIGURES)
    assert column_figures(member, "supervised", Column("linear", "all")) == {0: 0.5, 1: 0.7}
    assert column_figures(member, "supervised", Column("knn", "all")) == {}
    assert (trained_end_to_end(member, "supervised"), trained_end_to_end(member, "byol")) == (True, False)


def test_summaries_over_seeds() -> None:
    member = fake_member(FIGURES)
    found = column_summary(member, "byol", Column("linear", "all"))
    assert found is not None
    assert (found.mean, found.spread, found.n) == pytest.approx((0.7, 0.1 * 2**0.5, 2))
    assert column_summary(member, "simclr", Column("linear", "all")) is None


def test_columns_in_words() -> None:
    column = Column("linear", "1%")
    assert (column.group, column.title) == ("Linear probe", "1\u00a0% of labels")
    assert column.condition == "With 1\u00a0% of the labels"
    assert Column("own", "all").group == "own"
