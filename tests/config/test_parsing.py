"""Plain mappings → experiments: defaults, and every problem at once in words."""

from __future__ import annotations

import copy
import random

import pytest
import yaml

from sslkit.cli import run
from sslkit.config import parse_study
from sslkit.errors import ConfigError
from tests.conftest import tiny


def problems_of(registry, content, overrides=()):
    with pytest.raises(ConfigError) as caught:
        parse_study(content, list(overrides), registry)
    return {problem.path: problem for problem in caught.value.problems}


def test_shortest_config(registry):
    (experiment,) = parse_study({"data": "watch"}, [], registry).experiments
    assert experiment.name == "watch"
    assert experiment.labels == ("byol", "simclr")
    assert experiment.budget.epochs == 50
    assert experiment.seeds == (0, 1, 2)


def test_all_problems_are_reported_at_once(registry):
    content = {
        "data": {"name": "watch", "hop": "x"},
        "bugdet": {},
        "optimizer": {"name": "adamw", "learning_rat": 1},
        "training": {"batch_size": "256", "precision": "fp16", "speed": 3},
        "views": "simcrl",
        "objectives": ["byol", "bool"],
        "budget": {"epochs": -1},
        "seeds": [0, "1"],
    }
    found = problems_of(registry, content)
    assert {
        "bugdet", "optimizer.learning_rat", "training.batch_size", "training.precision", "training.speed",
        "views", "objectives[1]", "budget.epochs", "seeds[1]",
    } <= found.keys()  # fmt: skip
    assert found["bugdet"].advice == "Did you mean 'budget'?"
    assert found["optimizer.learning_rat"].advice == "Did you mean 'learning_rate'?"


@pytest.mark.parametrize(
    ("content", "path"),
    [
        ({}, "data"),
        ({"data": "watch", "overrides": {"byol": {"views": "har"}}}, "overrides.byol.views"),
        ({"data": "watch", "overrides": 3}, "overrides"),
        ({"data": "watch", "training": 3}, "training"),
        ({"data": "watch", "views": {"first": []}}, "views"),
        ({"data": "watch", "views": 3}, "views"),
        ({"data": "watch", "evaluation": {"labels_per_class": ["some"]}}, "evaluation.labels_per_class[0]"),
        ({"data": "watch", "name": "a/b"}, "name"),
        ({"suite": {"a": {"data": "watch", "x": 1}}}, "suite.a.x"),
        ({"suite": []}, "suite"),
        ({"suite": {"a": 3}}, "suite.a"),
    ],
)
def test_each_problem_is_found(registry, content, path):
    assert any(found.startswith(path) for found in problems_of(registry, content))


def paths_of(plain, path=()):
    """Every place in nested mappings and lists."""
    yield path
    items = plain.items() if isinstance(plain, dict) else enumerate(plain) if isinstance(plain, list) else ()
    for key, value in items:
        yield from paths_of(value, (*path, key))


STRANGE = [
    None,
    True,
    -1,
    0,
    1.5,
    "",
    "x",
    "1e-3",
    [],
    {},
    [None],
    {"name": "x"},
    {"name": None},
    10**30,
    float("nan"),
    "é\n",
]


def mutated(plain, dice: random.Random):
    """One to three random changes: a value, a key's name, a deletion, or a foreign key."""
    plain = copy.deepcopy(plain)
    for _ in range(dice.randint(1, 3)):
        path = dice.choice([p for p in paths_of(plain) if p])
        owner = plain
        for key in path[:-1]:
            owner = owner[key]
        match dice.randint(0, 3):
            case 0:
                owner[path[-1]] = dice.choice(STRANGE)
            case 1 if isinstance(owner, dict):
                owner[str(path[-1])[::-1]] = owner.pop(path[-1])
            case 2:
                del owner[path[-1]]
            case _ if isinstance(owner, dict):
                owner["what"] = dice.choice(STRANGE)
    return plain


@pytest.mark.parametrize("part", range(4))
def test_mutated_configs_never_give_a_traceback(tmp_path, signals, capsys, part):
    """200 in all, each checked to the end: refused with words and status 2, or good."""
    dice = random.Random(part)
    statuses = []
    for _ in range(50):
        path = tmp_path / "config.yaml"
        path.write_text(yaml.safe_dump(mutated(tiny(signals), dice)))
        status = run(["check", str(path)])
        errors = capsys.readouterr().err
        assert status in (0, 2)
        assert (status == 2) == errors.startswith("error: ")
        assert "Traceback" not in errors
        statuses.append(status)
    assert statuses.count(2) > 25
