"""``tuning:`` is read whole: only a method's own settings, only values that its component takes."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from sslkit.config import Experiment, own_value, parse_study, with_settings
from sslkit.config.tuning import candidates, parse_tuning, with_values
from sslkit.errors import ConfigError, Problem
from sslkit.registry import Registry

RATE = {"low": 1e-4, "high": 1e-2, "log": True}
TAU = "objectives.byol.tau"
RANGES = {
    "byol": {TAU: [0.9, 0.99], "optimizer.learning_rate": RATE},
    "supervised": {"baselines.supervised.learning_rate": [1e-3, 1e-2]},
}
STUDY = {"data": "watch", "baselines": [{"name": "supervised", "steps": 2}]}


def experiment_of(registry: Registry, ranges: Any = RANGES, **content: Any) -> Experiment:
    tuning = {"trials": 3, "ranges": ranges}
    (experiment,) = parse_study({**STUDY, "tuning": tuning, **content}, [], registry).experiments
    return experiment


def problems_of(registry: Registry, ranges: Any, **content: Any) -> list[Problem]:
    with pytest.raises(ConfigError) as caught:
        experiment_of(registry, ranges, **content)
    return caught.value.problems


def test_what_a_config_says(registry: Registry) -> None:
    tuning = experiment_of(registry).tuning
    assert tuning is not None
    assert (tuning.trials, tuning.seed) == (3, 0)
    assert tuning.ranges == RANGES
    assert experiment_of(registry, tuning=None).tuning is None


def test_defaults() -> None:
    problems: list[Problem] = []
    tuning = parse_tuning({"ranges": {"byol": {TAU: [0.9]}}}, "tuning", problems)
    assert problems == [] and tuning is not None
    assert (tuning.trials, tuning.seed) == (8, 0)


@pytest.mark.parametrize(
    ("value", "paths"),
    [
        (3, ["tuning"]),
        ({}, ["tuning.ranges"]),
        ({"ranges": []}, ["tuning.ranges"]),
        ({"ranges": {"byol": {}}}, ["tuning.ranges"]),
        ({"ranges": {"byol": [0.9]}}, ["tuning.ranges"]),
        ({"ranges": {"byol": {TAU: []}}}, [f"tuning.ranges.byol.{TAU}"]),
        ({"ranges": {"byol": {TAU: [0.9, 0.9]}}}, [f"tuning.ranges.byol.{TAU}"]),
        ({"ranges": {"byol": {TAU: {"low": 1}}}}, [f"tuning.ranges.byol.{TAU}.high"]),
        ({"ranges": {"byol": {TAU: {"low": 1, "high": "2"}}}}, [f"tuning.ranges.byol.{TAU}.high"] * 2),
        ({"trials": 0, "ranges": {"byol": {TAU: [1]}}}, ["tuning.trials"]),
        ({"trails": 3, "ranges": {"byol": {TAU: [1]}}}, ["tuning.trails"]),
        ({"seed": -1, "trials": 0, "ranges": 3}, ["tuning.trials", "tuning.seed", "tuning.ranges"]),
    ],
)
def test_each_wrong_place_is_named(value: object, paths: list[str]) -> None:
    problems: list[Problem] = []
    assert parse_tuning(value, "tuning", problems) is None
    assert [problem.path for problem in problems] == paths


def test_equal_values_of_other_types_are_two(registry: Registry) -> None:
    """``1`` and ``True`` are equal in Python and not in a config."""
    problems: list[Problem] = []
    parse_tuning({"ranges": {"byol": {TAU: [1, True, 1.0]}}}, "tuning", problems)
    assert problems == []


@pytest.mark.parametrize(
    ("ranges", "words"),
    [
        ({"bylo": {TAU: [0.9]}}, "tuning.ranges.bylo: there is no such method. Did you mean 'byol'?"),
        ({"byol": {"objectives.byol.tua": [0.9]}}, "tuning.ranges.byol.objectives.byol.tua"),
        ({"byol": {"objectives.simclr.temperature": [0.9]}}, "is no setting of byol's own"),
        ({"byol": {"objectives.byol.label": ["x"]}}, "is no setting of byol's own"),
        ({"byol": {"objectives.byol": ["simclr"]}}, "is no setting of byol's own"),
        ({"byol": {"training.batch_size": [8, 16]}}, "is no setting of byol's own"),
        ({"supervised": {"optimizer.learning_rate": [0.1]}}, "is no setting of supervised's own"),
        ({"byol": {TAU: {"low": 0.5, "high": 2.0}}}, f"tuning.ranges.byol.{TAU}"),
        ({"byol": {TAU: [0.5, 2.0]}}, f"tuning.ranges.byol.{TAU}"),
        ({"byol": {TAU: {"low": 0.9, "high": 0.5}}}, "is not below high"),
        ({"byol": {TAU: {"low": 0, "high": 0.5, "log": True}}}, "log needs numbers above 0"),
        ({"byol": {TAU: 0.9}}, "expected a list of values or {low: …"),
        ({}, "expected methods with ranges"),
    ],
)
def test_bad_ranges_are_refused_before_any_work(registry: Registry, ranges: Any, words: str) -> None:
    (problem,) = problems_of(registry, ranges)
    assert words in str(problem)


@pytest.mark.parametrize("varied", ["optimizer.learning_rate", "optimizer"])
def test_a_setting_is_varied_or_tuned(registry: Registry, varied: str) -> None:
    values = ["sgd", "adamw"] if varied == "optimizer" else [1e-3, 1e-2]
    found = problems_of(registry, RANGES, grid={varied: values})
    assert found and all("is varied by the grid already" in problem.reason for problem in found)


def test_overrides_reach_ranges(registry: Registry) -> None:
    content = {**STUDY, "tuning": {"ranges": RANGES}}
    (experiment,) = parse_study(content, [f"tuning.ranges.byol.{TAU}=[0.5, 0.7]"], registry).experiments
    assert experiment.tuning is not None
    assert experiment.tuning.ranges["byol"] == {TAU: [0.5, 0.7], "optimizer.learning_rate": RATE}


def test_candidates_are_all_of_a_list_and_both_ends_of_a_span() -> None:
    assert candidates([1, 2, 3]) == [1, 2, 3]
    assert candidates({"low": 0.1, "high": 10, "log": True}) == [0.1, 10]


def test_values_become_the_methods_own() -> None:
    plain = {
        "objectives": [{"name": "byol", "tau": 0.5}, "simclr"],
        "optimizer": {"name": "adamw", "learning_rate": 1},
        "schedule": "constant",
        "overrides": {"byol": {"schedule": {"name": "warmup-cosine", "warmup": 0.1}}},
    }
    before, problems = copy.deepcopy(plain), []
    values = {TAU: 0.9, "optimizer.learning_rate": 0.1, "schedule.warmup": 0.2}
    changed = with_values(plain, "byol", values, problems)
    assert problems == [] and plain == before
    assert changed == {
        **plain,
        "objectives": [{"name": "byol", "tau": 0.9}, "simclr"],
        "overrides": {
            "byol": {
                "optimizer": {"name": "adamw", "learning_rate": 0.1},
                "schedule": {"name": "warmup-cosine", "warmup": 0.2},
            }
        },
    }


def test_chosen_settings_are_the_methods_own(registry: Registry) -> None:
    experiment = experiment_of(registry)
    chosen = {
        "byol": {TAU: 0.9, "optimizer.learning_rate": 0.007},
        "supervised": {"baselines.supervised.learning_rate": 0.01},
    }
    tuned = with_settings(experiment, chosen, registry)
    assert tuned.objectives[0].settings["tau"] == 0.9
    assert tuned.baselines[0].settings == {"steps": 2, "learning_rate": 0.01}
    rates = [
        tuned.component_for(name, "optimizer").settings.get("learning_rate") for name in ("byol", "simclr")
    ]
    assert rates[0] == 0.007 and rates[1] == experiment.optimizer.settings.get("learning_rate")
    assert tuned.tuning is None and tuned.objectives[1] == experiment.objectives[1]
    with pytest.raises(ConfigError, match="less than or equal to 1"):
        with_settings(experiment, {"byol": {TAU: 7.0}}, registry)


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("byol", TAU, 0.5),  # the config's
        ("byol", "objectives.byol.tau_schedule", "cosine"),  # the component's default
        ("byol", "objectives.byol.projector", {"name": "byol-mlp", "out_dim": 3}),
        ("byol", "objectives.byol.projector.out_dim", 3),
        ("byol", "objectives.byol.projector.hidden_dim", 4096),
        ("byol", "objectives.byol.predictor", None),  # the default is a class, nothing plain
        ("byol", "objectives.byol.nothing", None),
        ("byol", "optimizer.learning_rate", 7.0),  # its override
        ("simclr", "optimizer.learning_rate", 1e-3),
        ("simclr", "optimizer.betas", [0.9, 0.999]),
        ("supervised", "baselines.supervised.steps", 2),
    ],
)
def test_what_holds_without_tuning(registry: Registry, method: str, path: str, expected: object) -> None:
    byol = {"name": "byol", "tau": 0.5, "projector": {"name": "byol-mlp", "out_dim": 3}}
    experiment = experiment_of(
        registry,
        tuning=None,
        objectives=[byol, "simclr"],
        overrides={"byol": {"optimizer": {"name": "adamw", "learning_rate": 7.0}}},
    )
    assert own_value(experiment, method, path, registry) == expected
