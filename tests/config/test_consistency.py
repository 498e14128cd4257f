"""Parts that are each good but do not go together are named, with what to do."""

from __future__ import annotations

from typing import Any

import pytest

from sslkit.config import parse_study
from sslkit.config.consistency import inconsistencies
from sslkit.errors import ConfigError, Problem
from sslkit.registry import Registry


def problems_of(registry: Registry, **content: Any) -> list[Problem]:
    with pytest.raises(ConfigError) as caught:
        parse_study({"data": "watch", **content}, [], registry)
    return caught.value.problems


@pytest.mark.parametrize(
    ("content", "path", "words"),
    [
        ({"seeds": []}, "seeds", "is empty"),
        ({"seeds": [1, 1]}, "seeds", "names one seed twice"),
        ({"seeds": [-1]}, "seeds", "from 0 to 2147483647"),
        ({"seeds": [2**31]}, "seeds", "from 0 to 2147483647"),
        ({"objectives": []}, "objectives", "is empty"),
        ({"objectives": ["byol", "byol"]}, "objectives", "two methods are called 'byol'"),
        (
            {"objectives": [{"name": "byol", "label": "random"}]},
            "objectives",
            "two methods are called 'random'",
        ),
        ({"baselines": ["random", "random"]}, "objectives", "two methods are called 'random'"),
        ({"objectives": [{"name": "byol", "label": "a\nb"}]}, "objectives", "cannot be a folder's name"),
        ({"baselines": [{"name": "random", "label": "a\nb"}]}, "baselines", "cannot be a folder's name"),
        ({"budget": {"epochs": 1, "steps": 1}}, "budget", "both epochs and steps"),
        ({"overrides": {"byl": {"optimizer": "sgd"}}}, "overrides.byl", "there is no such objective"),
        ({"training": {"batch_size": 10, "accumulate": 3}}, "training.accumulate", "does not divide"),
        ({"training": {"batch_size": 8, "accumulate": 8}}, "training.accumulate", "pieces of one sample"),
        ({"evaluation": {"labels_per_class": []}}, "evaluation.labels_per_class", "is empty"),
        ({"evaluation": {"labels_per_class": [5, 5]}}, "evaluation.labels_per_class", "one budget twice"),
        (
            {"evaluation": {"labels_per_class": ["10%", "10.0 %"]}},
            "evaluation.labels_per_class",
            "one budget twice",
        ),
        ({"evaluators": ["knn", "knn"]}, "evaluators", "names one evaluator twice: 'knn'"),
        ({"evaluators": [{"name": "knn", "label": "geometry"}]}, "evaluators", "other figures"),
    ],
)
def test_each_is_found_once_and_alone(
    registry: Registry, content: dict[str, Any], path: str, words: str
) -> None:
    (problem,) = problems_of(registry, **content)
    assert problem.path == path
    assert words in problem.reason


def test_all_at_once(registry: Registry) -> None:
    found = problems_of(
        registry,
        seeds=[1, 1, -1],
        budget={"epochs": 1, "steps": 1},
        training={"batch_size": 10, "accumulate": 3},
        overrides={"byl": {"optimizer": "sgd"}},
        evaluators=["knn", "knn"],
    )
    assert [problem.path for problem in found] == [
        "budget",
        "overrides.byl",
        "seeds",
        "seeds",
        "evaluators",
        "training.accumulate",
    ]


def test_advice(registry: Registry) -> None:
    (problem,) = problems_of(registry, overrides={"byl": {"optimizer": "sgd"}})
    assert problem.advice == "Did you mean 'byol'?"
    (problem,) = problems_of(registry, objectives=["byol", "byol"])
    assert "label" in problem.advice


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"seeds": [0, 2**31 - 1]},
        {"budget": {"steps": 3}},
        {"training": {"batch_size": 8, "accumulate": 4}},
        {"objectives": ["byol", {"name": "byol", "label": "byol again"}]},
        {"evaluators": ["knn", {"name": "knn", "label": "5 nearest"}]},
        {"overrides": {"byol": {"optimizer": "sgd"}}},
        {"evaluation": {"labels_per_class": [1, "1%", "all"]}},
    ],
)
def test_what_goes_together_has_none(registry: Registry, content: dict[str, Any]) -> None:
    (experiment,) = parse_study({"data": "watch", **content}, [], registry).experiments
    assert inconsistencies(experiment, "suite.a.") == []


def test_paths_begin_with_the_members_place(registry: Registry) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_study({"suite": {"a": {"data": "watch", "seeds": []}, "b": {"data": "watch"}}}, [], registry)
    assert [problem.path for problem in caught.value.problems] == ["suite.a.seeds"]
