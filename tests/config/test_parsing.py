"""Configs: defaults, merging, overrides, and every problem at once in words."""

from __future__ import annotations

import copy
import json
import random
from pathlib import Path

import jsonschema
import pytest
import yaml

from sslkit.cli import run
from sslkit.config import load_study, merge, parse_study
from sslkit.config.schema import config_schema
from sslkit.config.yaml_files import read_mapping
from sslkit.errors import ConfigError, SSLKitError
from sslkit.plugins import load_registry
from tests.conftest import tiny

ROOT = Path(__file__).parents[2]
SHIPPED = sorted((ROOT / "configs").rglob("*.yaml"))


@pytest.fixture
def registry():
    return load_registry()[0]


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
        ({"data": "watch", "seeds": []}, "seeds"),
        ({"data": "watch", "seeds": [1, 1]}, "seeds"),
        ({"data": "watch", "seeds": [-1]}, "seeds"),
        ({"data": "watch", "objectives": []}, "objectives"),
        ({"data": "watch", "objectives": ["byol", "byol"]}, "objectives"),
        ({"data": "watch", "objectives": [{"name": "byol", "label": "random"}]}, "objectives"),
        ({"data": "watch", "objectives": [{"name": "byol", "label": "a/b"}]}, "objectives"),
        ({"data": "watch", "budget": {"epochs": 1, "steps": 1}}, "budget"),
        ({"data": "watch", "overrides": {"byl": {"optimizer": "sgd"}}}, "overrides.byl"),
        ({"data": "watch", "overrides": {"byol": {"views": "har"}}}, "overrides.byol.views"),
        ({"data": "watch", "overrides": 3}, "overrides"),
        ({"data": "watch", "training": {"batch_size": 10, "accumulate": 3}}, "training.accumulate"),
        ({"data": "watch", "training": 3}, "training"),
        ({"data": "watch", "views": {"first": []}}, "views"),
        ({"data": "watch", "views": 3}, "views"),
        ({"data": "watch", "evaluation": {"labels_per_class": []}}, "evaluation.labels_per_class"),
        ({"data": "watch", "evaluation": {"labels_per_class": ["some"]}}, "evaluation.labels_per_class[0]"),
        ({"data": "watch", "name": "a/b"}, "name"),
        ({"suite": {"a": {"data": "watch", "x": 1}}}, "suite.a.x"),
        ({"suite": []}, "suite"),
        ({"suite": {"a": 3}}, "suite.a"),
    ],
)
def test_each_inconsistency_is_found(registry, content, path):
    assert any(found.startswith(path) for found in problems_of(registry, content))


def test_overrides(registry):
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
def test_bad_overrides(registry, text):
    problems_of(registry, {"data": "watch", "seeds": [1]}, [text])


def test_merging_changes_or_replaces_components():
    base = {"optimizer": {"name": "adamw", "learning_rate": 1}, "training": {"batch_size": 8}}
    assert merge(base, {"optimizer": {"learning_rate": 2}})["optimizer"] == {
        "name": "adamw",
        "learning_rate": 2,
    }
    assert merge(base, {"optimizer": {"name": "sgd"}})["optimizer"] == {"name": "sgd"}
    assert merge({"optimizer": "adamw"}, {"optimizer": {"name": "adamw", "x": 1}})["optimizer"] == {
        "name": "adamw",
        "x": 1,
    }
    assert base["optimizer"]["learning_rate"] == 1


def test_extends(registry, tmp_path):
    (tmp_path / "base.yaml").write_text("data: watch\nbudget: {epochs: 3}\ntraining: {batch_size: 8}")
    (tmp_path / "child.yaml").write_text("extends: base.yaml\nbudget: {epochs: 4}")
    (experiment,) = load_study(tmp_path / "child.yaml", [], registry).experiments
    assert (experiment.budget.epochs, experiment.training.batch_size) == (4, 8)
    (tmp_path / "base.yaml").write_text("extends: child.yaml")
    with pytest.raises(SSLKitError, match="extends itself"):
        load_study(tmp_path / "child.yaml", [], registry)


def test_plain_form_reads_back(registry, signals):
    (experiment,) = parse_study(tiny(signals), [], registry).experiments
    plain = {key: value for key, value in experiment.to_plain().items() if key != "name"}
    (again,) = parse_study(json.loads(json.dumps(plain)), [], registry).experiments
    assert again == experiment


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: str(path.relative_to(ROOT)))
def test_shipped_configs_are_good_and_fit_the_schema(registry, path):
    assert load_study(path, [], registry).experiments
    schema = config_schema(registry)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(read_mapping(path), schema)


@pytest.mark.parametrize(
    "content", [{"data": "watch", "bugdet": 1}, {"data": {"name": "watch", "x": 1}}, {"seeds": 3}]
)
def test_schema_refuses_what_the_config_refuses(registry, content):
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(content, config_schema(registry))


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
