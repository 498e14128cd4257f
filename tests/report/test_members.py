"""A member's methods, their order, figures and runs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sslkit.report.members import Comparison, RunRecord
from tests.report.fake_member import fake_member


def test_objectives_by_name_then_the_reference_then_baselines_in_their_order() -> None:
    member = fake_member(
        {"supervised": [0.5], "byol": [0.5]}, runs=[RunRecord("simclr", 0), RunRecord("random", 0)]
    )
    member = replace(member, planned=("zebra",))
    assert member.methods == ["byol", "zebra", "simclr", "random", "supervised"]
    assert member.objectives == ["byol", "zebra", "simclr"]
    assert member.baselines == ["random", "supervised"]
    own = replace(member, baseline_names=("zebra", "random", "supervised"))
    assert own.methods == ["byol", "simclr", "zebra", "random", "supervised"]


def test_figures_are_means_over_draws_of_the_primary_metric() -> None:
    member = fake_member({"byol": [0.5, 0.7]})
    first = member.rows[0]
    more = [{**first, "draw": 1, "value": 0.9}, {**first, "metric": "balanced_accuracy", "value": 0.0}]
    figures = replace(member, rows=[*member.rows, *more]).figures
    assert figures == {("byol", "linear", "all"): pytest.approx({0: 0.7, 1: 0.7})}


def test_facts_that_older_manifests_lack_have_defaults() -> None:
    member = replace(fake_member({}), facts={})
    assert (member.primary_metric, member.network_evaluators, member.baseline_objective) == (
        "accuracy",
        (),
        None,
    )


def test_runs_by_seed_and_their_last_step() -> None:
    runs = [
        RunRecord("byol", 2),
        RunRecord("byol", 0, [{"step": 5, "loss": 1.0}], [{"step": 8}]),
        RunRecord("x", 1),
    ]
    member = fake_member({}, runs=runs)
    assert [run.seed for run in member.runs_of("byol")] == [0, 2]
    assert [run.last_step for run in member.runs_of("byol")] == [8, 0]


def test_the_most_seeds_of_any_method() -> None:
    runs = [RunRecord("byol", seed) for seed in (0, 1, 2)] + [RunRecord("random", 5)]
    members = [fake_member({}), fake_member({}, runs=runs)]
    assert Comparison("c", Path("c"), {}, members).most_seeds == 3
    assert Comparison("c", Path("c"), {}, []).most_seeds == 0
