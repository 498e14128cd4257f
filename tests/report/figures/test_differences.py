"""Differences between methods against scipy, corrected in the families that the report names."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from sslkit.report.figures.columns import asked_columns, columns_of
from sslkit.report.figures.differences import (
    corrected_differences,
    difference_numbers,
    method_differences,
    method_pairs,
)
from sslkit.report.members import Member
from tests.report.fake_member import fake_member
from tests.statistics.reference import holm

METHODS = ("byol", "simclr", "random", "handcrafted")


@pytest.fixture
def member() -> Member:
    random = np.random.default_rng(0)
    figures = {name: 0.6 + 0.02 * random.normal(size=5) + 0.03 * place for place, name in enumerate(METHODS)}
    return fake_member({k: v.tolist() for k, v in figures.items()}, labels=("all", "50", "10"))


def test_objectives_meet_the_reference_then_the_baselines(member: Member) -> None:
    assert method_pairs(member) == [
        ("byol", "simclr"), ("byol", "random"), ("byol", "handcrafted"),
        ("simclr", "random"), ("simclr", "handcrafted"),
    ]  # fmt: skip


def test_a_difference_is_scipys_paired_test(member: Member) -> None:
    for item in method_differences(member, columns_of(member)[0]):
        one, other = (
            list(member.figures[name, "linear", "all"].values()) for name in (item.first, item.second)
        )
        expected = stats.ttest_rel(one, other)
        assert item.difference.p == pytest.approx(expected.pvalue)
        assert item.difference.interval == pytest.approx(tuple(expected.confidence_interval(0.95)))
        assert item.name == f"{item.first} − {item.second}"


def test_columns_that_are_asked_about_are_one_family_others_their_own(member: Member) -> None:
    every, fifty, ten = columns_of(member)
    assert asked_columns(member) == [every, ten]
    for family in ([every, ten], [fifty]):
        found = [item.difference for column in family for item in method_differences(member, column)]
        ordered = sorted(
            found, key=lambda item: item.p or 0
        )  # all budgets have the same figures: p-values meet
        expected = holm([item.p or 0 for item in ordered])
        assert [item.p_corrected for item in ordered] == pytest.approx(expected.tolist())


def test_seeds_that_only_one_has_are_no_pair() -> None:
    member = fake_member({"byol": [0.9, 0.8]})
    member.rows.extend({**row, "objective": "random", "seed": row["seed"] + 2} for row in list(member.rows))
    assert method_differences(member, columns_of(member)[0]) == []


def test_pairs_without_a_common_seed_leave_a_gap_and_the_rest_is_corrected() -> None:
    random = np.random.default_rng(1)
    a, b, c = (dict(enumerate(0.5 + 0.1 * random.normal(size=6))) for _ in range(3))
    first, gap, last = corrected_differences([(a, b), (a, {9: 0.5}), (a, c)])
    assert gap is None and first is not None and last is not None
    expected = holm([first.p or 0, last.p or 0])
    assert [first.p_corrected, last.p_corrected] == pytest.approx(expected.tolist())
    assert corrected_differences([]) == []


def test_csv_in_points(member: Member) -> None:
    found = method_differences(member, columns_of(member)[0])
    numbers = difference_numbers(found)
    row = dict(zip(numbers.header, numbers.rows[0], strict=True))
    assert (row["first"], row["second"], row["evaluator"], row["labels_per_class"]) == (
        "byol", "simclr", "linear", "all",
    )  # fmt: skip
    assert row["points"] == pytest.approx(100 * found[0].difference.mean)
    assert row["seeds"] == 5 and row["p_corrected"] == found[0].difference.p_corrected
