"""Files, suites and overrides come to one plain mapping for each data set."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from sslkit.config import load_study, merge, parse_study
from sslkit.config.merging import is_of_study, members_of, override, read_extended, set_at
from sslkit.errors import Problem, SSLKitError
from sslkit.registry import Registry
from tests.config.test_parsing import problems_of

Plain = dict[str, Any]


def overridden(plain: Plain, *texts: str) -> Plain:
    """One member after overrides that are all good."""
    members, problems = {"a": copy.deepcopy(plain)}, []
    for text in texts:
        override(members, text, problems)
    assert problems == []
    return members["a"]


def problem_of(plain: Plain, text: str) -> Problem:
    """The only problem of an override that is not, and nothing may have changed."""
    members, problems = {"a": copy.deepcopy(plain)}, []
    override(members, text, problems)
    (problem,) = problems
    assert members["a"] == plain
    return problem


@pytest.mark.parametrize(
    ("base", "change", "expected"),
    [
        ({"x": 1}, {"y": 2}, {"x": 1, "y": 2}),
        ({"x": 1}, {"x": None}, {"x": None}),
        ({"x": {"a": 1, "b": {"c": 2}}}, {"x": {"b": {"d": 3}}}, {"x": {"a": 1, "b": {"c": 2, "d": 3}}}),
        ({"x": [1, 2]}, {"x": [3]}, {"x": [3]}),
        ({"o": {"name": "adamw", "lr": 1}}, {"o": {"lr": 2}}, {"o": {"name": "adamw", "lr": 2}}),
        ({"o": {"name": "adamw", "lr": 1}}, {"o": {"name": "sgd"}}, {"o": {"name": "sgd"}}),
        ({"o": {"name": "adamw", "lr": 1}}, {"o": "sgd"}, {"o": "sgd"}),
        ({"o": "adamw"}, {"o": {"name": "adamw", "lr": 1}}, {"o": {"name": "adamw", "lr": 1}}),
        ({"o": "adamw"}, {"o": {"name": "sgd", "lr": 1}}, {"o": {"name": "sgd", "lr": 1}}),
        ({"o": {"name": "a", "x": 1}}, {"o": {"name": "a", "y": 2}}, {"o": {"name": "a", "x": 1, "y": 2}}),
    ],
)
def test_merging_is_deep_and_another_component_replaces(base: Plain, change: Plain, expected: Plain) -> None:
    before = copy.deepcopy((base, change))
    assert merge(base, change) == expected
    assert (base, change) == before


def test_extends_a_chain_of_files_from_where_each_lies(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "base.yaml").write_text("data: watch\nbudget: {epochs: 3}\ntraining: {batch_size: 8}")
    (tmp_path / "inner" / "middle.yaml").write_text("extends: ../base.yaml\nseeds: [1]")
    (tmp_path / "child.yaml").write_text("extends: inner/middle.yaml\nbudget: {epochs: 4}")
    found = read_extended(tmp_path / "child.yaml", ())
    assert found == {
        "data": "watch",
        "budget": {"epochs": 4},
        "training": {"batch_size": 8},
        "seeds": [1],
    }


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("extends: child.yaml", "extends itself"),
        ("extends: grandchild.yaml", "extends itself"),
        ("extends: [a.yaml]", "takes the path of one config file"),
        ("extends: none.yaml", "no such config file"),
    ],
)
def test_what_cannot_be_extended(registry: Registry, tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "child.yaml").write_text(text)
    (tmp_path / "grandchild.yaml").write_text("extends: child.yaml")
    with pytest.raises(SSLKitError, match=words):
        load_study(tmp_path / "child.yaml", [], registry)


def test_a_single_members_name() -> None:
    def name_of(content: Plain) -> list[str]:
        return list(
            members_of(content, {k: v for k, v in content.items() if k != "name"}, "file", Path(), [])
        )

    assert name_of({"name": "mine", "data": "watch"}) == ["mine"]
    assert name_of({"data": "watch"}) == ["watch"]
    assert name_of({"data": {"name": "arrays", "path": "x"}}) == ["arrays"]
    assert name_of({}) == ["file"]


def test_members_of_a_suite_lie_over_what_they_share(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text("name: whatever\nworkers: 3\ndata: mnist5k\nseeds: [4]")
    shared, problems = {"seeds": [0], "budget": {"epochs": 2}}, []
    suite = {"a": {"data": "watch", "budget": {"steps": 5}}, "b": "own.yaml"}
    found = members_of({"suite": suite}, shared, "study", tmp_path, problems)
    assert problems == []
    assert found == {
        "a": {"seeds": [0], "budget": {"epochs": 2, "steps": 5}, "data": "watch"},
        "b": {"seeds": [4], "budget": {"epochs": 2}, "data": "mnist5k"},
    }


def test_a_member_that_is_none_or_has_no_name_is_said() -> None:
    problems: list[Problem] = []
    members_of({"suite": {"a": 3, 7: {"data": "watch"}}}, {}, "study", Path(), problems)
    assert [problem.path for problem in problems] == ["suite.a", "suite"]
    assert "'7' cannot be a folder's name" in problems[1].reason


@pytest.mark.parametrize("suite", [[], {}, None, 3, "a"])
def test_suites_that_are_none(suite: object) -> None:
    problems: list[Problem] = []
    assert members_of({"suite": suite}, {}, "study", Path(), problems) == {}
    assert [problem.path for problem in problems] == ["suite"]


def test_overrides_of_a_whole_study(registry: Registry) -> None:
    content = {"suite": {"a": {"data": "watch", "budget": {"epochs": 3}}, "b": {"data": "mnist5k"}}}
    changes = [
        "training.batch_size=64",
        "suite.a.seeds=[7]",
        "optimizer.learning_rate=1e-4",
        "objectives.1.temperature=0.2",
    ]
    a, b = parse_study({**content, "objectives": ["byol", "simclr"]}, changes, registry).experiments
    assert a.training.batch_size == b.training.batch_size == 64
    assert (a.seeds, b.seeds) == ((7,), (0, 1, 2))
    assert (a.budget.epochs, b.budget.epochs) == (3, 50)
    found = parse_study({"data": "watch", "optimizer": "sgd"}, ["optimizer.learning_rate=1e-1"], registry)
    assert found.experiments[0].optimizer.to_plain() == {"name": "sgd", "learning_rate": 0.1}
    assert a.objectives[1].to_plain() == {"name": "simclr", "temperature": 0.2}


@pytest.mark.parametrize(
    "text", ["a", "=3", "a..b=1", "seeds.0=[", "suite.zzz.seeds=[1]", "data.name.x.y=1", "seeds.9=1"]
)
def test_bad_overrides_of_a_study(registry: Registry, text: str) -> None:
    problems_of(registry, {"data": "watch", "seeds": [1]}, [text])


@pytest.mark.parametrize(
    ("plain", "text", "expected"),
    [
        ({}, "a.b.c=1", {"a": {"b": {"c": 1}}}),
        ({"a": None}, "a.b=1", {"a": {"b": 1}}),
        ({"o": "sgd"}, "o.lr=1e-3", {"o": {"name": "sgd", "lr": 1e-3}}),
        ({"l": [1, 2, 3]}, "l.1=9", {"l": [1, 9, 3]}),
        ({"l": ["a", {"name": "b", "x": 1}]}, "l.a.y=2", {"l": [{"name": "a", "y": 2}, {"name": "b", "x": 1}]}),
        ({"l": [{"name": "b", "label": "mine"}, "b"]}, "l.mine=b", {"l": ["b", "b"]}),
        ({}, "x=", {"x": None}),
        ({}, "x=a=b", {"x": "a=b"}),
        ({}, "x=[1, {y: 2}]", {"x": [1, {"y": 2}]}),
        ({}, "objectives.byol.tau=0.5", {"objectives": [{"name": "byol", "tau": 0.5}, "simclr"]}),
        ({"views": ["jitter"]}, "views.strength=2", {"views": {"all_views": ["jitter"], "strength": 2}}),
        ({}, "grid.training.batch_size=[8, 16]", {"grid": {"training.batch_size": [8, 16]}}),
        ({}, "tuning.ranges.a.b.c.d=[0.5]", {"tuning": {"ranges": {"a": {"b.c.d": [0.5]}}}}),
        ({}, "tuning.trials=3", {"tuning": {"trials": 3}}),
    ],
)  # fmt: skip
def test_where_an_override_leads(plain: Plain, text: str, expected: Plain) -> None:
    assert overridden(plain, text) == expected


@pytest.mark.parametrize(
    ("text", "path", "words"),
    [
        ("seeds", "seeds", "is written a.b=c"),
        ("=3", "=3", "is written a.b=c"),
        ("a..b=1", "a..b=1", "is written a.b=c"),
        ("seeds=[", "seeds", "not valid YAML"),
        ("suite.b.seeds=[1]", "suite.b.seeds", "no member 'b'"),
        ("seeds.9=1", "seeds.9", "not an index of a list of 2"),
        ("objectives.simcrl.x=1", "objectives.simcrl.x", "there is no 'simcrl'"),
        ("objectives.byol.x=1", "objectives.byol.x", "several are called 'byol'"),
        ("count.x=1", "count.x", "which has no settings"),
    ],
)
def test_overrides_that_lead_nowhere(text: str, path: str, words: str) -> None:
    plain = {"seeds": [1, 2], "objectives": ["byol", "byol", "simclr"], "count": 3}
    problem = problem_of(plain, text)
    assert problem.path == path and words in problem.reason


def test_the_nearest_name_is_offered() -> None:
    assert problem_of({"objectives": ["byol", "simclr"]}, "objectives.simcrl.x=1").advice == (
        "Did you mean 'simclr'?"
    )


def test_an_override_reaches_every_member_or_the_one_it_names() -> None:
    members: dict[str, Plain] = {"a": {"seeds": [0]}, "b": {}}
    override(members, "seeds=[1]", [])
    assert members == {"a": {"seeds": [1]}, "b": {"seeds": [1]}}
    override(members, "suite.b.seeds=[2]", [])
    assert members == {"a": {"seeds": [1]}, "b": {"seeds": [2]}}


@pytest.mark.parametrize(("text", "expected"), [("name=x", True), ("workers=2", True), ("named=1", False)])
def test_what_is_of_the_whole_file(text: str, expected: bool) -> None:
    assert is_of_study(text) == expected


def test_set_at_leaves_the_original_alone() -> None:
    plain = {"a": {"b": [1, {"name": "c", "d": 2}]}}
    before = copy.deepcopy(plain)
    assert set_at(plain, "a.b.c.d", 3, []) == {"a": {"b": [1, {"name": "c", "d": 3}]}}
    assert plain == before
