"""Label budgets in words and in order."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sslkit.report.figures.label_budgets import axis_text, label_order, sentence_text, title_text
from tests.report.fake_member import fake_member


@pytest.mark.parametrize(
    ("labels", "axis", "title", "sentence"),
    [
        ("1", "1", "1 / class", "1 label per class"),
        ("10", "10", "10 / class", "10 labels per class"),
        ("0.5%", "0.5\u00a0%", "0.5\u00a0% of labels", "0.5\u00a0% of the labels"),
        ("all", "all", "all labels", "all labels"),
    ],
)
def test_words(labels: str, axis: str, title: str, sentence: str) -> None:
    assert (axis_text(labels), title_text(labels), sentence_text(labels)) == (axis, title, sentence)


def test_shares_stand_among_numbers_where_the_counts_are_known() -> None:
    member = fake_member({"byol": [0.5]})
    counts = {"composition": {"train": {"classes": [300, 100]}}}  # 1 % are 2 per class on average
    known = replace(member, facts=counts)
    assert label_order(known, "1%") == pytest.approx(2)
    order = sorted(("all", "10%", "1", "1%", "5", "50"), key=lambda labels: label_order(known, labels))
    assert order == ["1", "1%", "5", "10%", "50", "all"]


def test_without_counts_shares_follow_the_numbers() -> None:
    member = fake_member({"byol": [0.5]})
    order = sorted(("all", "10%", "1", "1%", "500"), key=lambda labels: label_order(member, labels))
    assert order == ["1", "500", "1%", "10%", "all"]


def test_what_is_no_budget_stands_last() -> None:
    assert label_order(fake_member({"byol": [0.5]}), "many") == float("inf")
