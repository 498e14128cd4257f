"""The JSON schema takes what the program takes, and refuses what editors should mark."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from sslkit.config import load_study, parse_study
from sslkit.config.schema import config_schema
from sslkit.config.yaml_files import read_mapping
from sslkit.errors import ConfigError
from sslkit.registry import KINDS, Registry
from sslkit.types import Augmentation
from tests.config.test_parsing import mutated
from tests.conftest import tiny

ROOT = Path(__file__).parents[2]
SHIPPED = sorted((ROOT / "configs").rglob("*.yaml"))


def fits(registry: Registry, content: object) -> bool:
    return jsonschema.Draft202012Validator(config_schema(registry)).is_valid(content)


def test_it_is_a_schema_and_plain_json(registry: Registry) -> None:
    schema = config_schema(registry)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert json.loads(json.dumps(schema)) == schema
    assert set(KINDS) <= schema["$defs"].keys()


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: str(path.relative_to(ROOT)))
def test_shipped_configs_are_good_and_fit(registry: Registry, path: Path) -> None:
    assert load_study(path, [], registry).experiments
    jsonschema.validate(read_mapping(path), config_schema(registry))


@pytest.mark.parametrize(
    "content",
    [
        {"data": "watch", "bugdet": 1},
        {"data": {"name": "watch", "x": 1}},
        {"data": {"nam": "watch"}},
        {"seeds": 3},
        {"seeds": []},
        {"seeds": [-1]},
        {"objectives": "byol"},
        {"objectives": [{"name": "byol", "tau": 2}]},
        {"objectives": [{"name": "byol", "projector": "simclr"}]},
        {"training": {"precision": "fp16"}},
        {"budget": {"epochs": 0}},
        {"views": {"view_1": "jitter"}},
        {"views": {"strength": -1, "all_views": []}},
        {"overrides": {"byol": {"views": "har"}}},
        {"grid": {"training.batch_size": []}},
        {"tuning": {"trials": 3}},
        {"tuning": {"ranges": {"byol": {"objectives.byol.tau": {"low": 1}}}}},
        {"suite": {"a": {"suite": {}}}},
        {"workers": 0},
    ],
)
def test_what_it_refuses(registry: Registry, content: dict[str, Any]) -> None:
    assert not fits(registry, content)


@pytest.mark.parametrize(
    "content",
    [
        {"data": "watch", "grid": {"training.batch_size": [8, 16]}},
        {"data": "watch", "grid": None},
        {"data": "watch", "views": {"strength": 0.5}},
        {"data": "watch", "views": {"change": {"jitter": None}, "add": ["scaling"]}},
        {"data": "watch", "views": {"view_1": ["jitter"], "view_2": [], "strength": 2}},
        {"data": "watch", "frontend": None, "backbone": None, "workers": None},
        {"data": "watch", "overrides": {"byol": {"optimizer": {"name": "sgd", "learning_rate": 1}}}},
        {"data": "watch", "evaluation": {"labels_per_class": [1, "10 %", "all"]}},
        {"extends": "base.yaml"},
        {"suite": {"a": "a.yaml", "b": {"data": "watch"}}},
        {"data": "watch", "tuning": {"ranges": {"byol": {"objectives.byol.tau": [0.9]}}}},
        {
            "data": "watch",
            "tuning": {"ranges": {"byol": {"optimizer.learning_rate": {"low": 1, "high": 2, "log": True}}}},
        },
        {"data": "watch", "objectives": [{"name": "byol", "label": "mine", "projector": "byol-mlp"}]},
    ],
)
def test_what_it_takes(registry: Registry, content: dict[str, Any]) -> None:
    assert fits(registry, content)


def test_no_good_config_is_marked_by_an_editor(registry: Registry, tmp_path: Path) -> None:
    """Among 400 random changes of a config, whatever the program takes fits the schema."""
    dice, validator = random.Random(0), jsonschema.Draft202012Validator(config_schema(registry))
    taken = 0
    for _ in range(400):
        content = mutated(tiny(tmp_path / "signals.npz"), dice)
        try:
            parse_study(content, [], registry)
        except ConfigError:
            continue
        taken += 1
        assert validator.is_valid(content), content
    assert taken > 40


def test_a_plugins_component_is_completed_too() -> None:
    class Wobble(Augmentation):
        """Moves a little."""

        def __init__(self, amount: float, steps: tuple[int, int] = (1, 2)) -> None:
            self.amount, self.steps = amount, steps

    registry = Registry()
    registry.source = "wobbling"
    registry.add("wobble", Wobble)
    (option,) = config_schema(registry)["$defs"]["augmentation"]["anyOf"]
    assert option["description"] == "Moves a little."
    assert option["required"] == ["name", "amount"]  # so that the bare name is no choice
    assert option["properties"]["name"] == {"const": "wobble"}
    assert option["properties"]["p"] == {"maximum": 1, "minimum": 0, "type": "number"}
