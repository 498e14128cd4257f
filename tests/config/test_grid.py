"""A grid in a config: its points, their names, and every problem before any work."""

from __future__ import annotations

import json
import re

import jsonschema
import pytest

from sslkit.config import parse_study, value_text
from sslkit.config.schema import config_schema
from sslkit.errors import ConfigError
from sslkit.plugins import load_registry

SAFE = re.compile(r"[A-Za-z0-9.,_+=-]+")


@pytest.fixture(scope="module")
def registry():
    return load_registry()[0]


def names_of(registry, content, overrides=()):
    return [experiment.name for experiment in parse_study(content, list(overrides), registry).experiments]


def problems_of(registry, content, overrides=()):
    with pytest.raises(ConfigError) as caught:
        parse_study(content, list(overrides), registry)
    return {problem.path: problem.reason for problem in caught.value.problems}


def test_every_combination_is_a_member(registry):
    grid = {"training.batch_size": [32, 64], "views.strength": [0.5, 1, 2]}
    study = parse_study({"data": "watch", "grid": grid}, [], registry)
    found = {
        experiment.name: (experiment.training.batch_size, experiment.views.to_plain()["strength"])
        for experiment in study.experiments
    }
    assert found == {
        f"batch_size={size},strength={strength}": (size, strength)
        for size in (32, 64)
        for strength in (0.5, 1, 2)
    }
    assert {experiment.seeds for experiment in study.experiments} == {(0, 1, 2)}
    assert {experiment.variant.of for experiment in study.experiments} == {"watch"}


def test_settings_of_an_objective_by_its_name_or_label(registry):
    objectives = ["byol", {"name": "simclr"}, {"name": "simclr", "label": "warm"}]
    grid = {"objectives.byol.tau": [0, 0.9], "objectives.warm.temperature": [0.5]}
    study = parse_study({"data": "watch", "objectives": objectives, "grid": grid}, [], registry)
    for experiment, tau in zip(study.experiments, (0, 0.9), strict=True):
        byol, simclr, warm = experiment.objectives
        assert byol.settings["tau"] == tau
        assert warm.settings["temperature"] == 0.5
        assert "temperature" not in simclr.settings


def test_default_objectives_have_settings_too(registry):
    study = parse_study({"data": "watch", "grid": {"objectives.byol.tau": [0.5]}}, [], registry)
    assert study.experiments[0].objectives[0].settings == {"tau": 0.5}
    assert study.experiments[0].labels == ("byol", "simclr")


def test_strength_of_a_list_of_augmentations(registry):
    study = parse_study({"data": "watch", "views": ["jitter"]}, ["grid.views.strength=[0.5, 2]"], registry)
    assert [experiment.views.strength for experiment in study.experiments] == [0.5, 2]
    assert study.experiments[0].views.pipelines[0][0].name == "jitter"


def test_whole_components_and_lists(registry):
    optimizers = ["adamw", {"name": "adamw", "learning_rate": 1e-3}, {"name": "lars", "learning_rate": 0.2}]
    grid = {
        "optimizer": optimizers,
        "objectives": [["byol"], ["byol", "simclr"]],
        "training.clip_norm": [None],
    }
    names = names_of(registry, {"data": "watch", "grid": grid})
    assert names[0] == "optimizer=adamw,objectives=byol,clip_norm=none"
    assert names[3] == "optimizer=adamw-learning_rate=0.001,objectives=byol+simclr,clip_norm=none"
    assert len(set(names)) == 6


@pytest.mark.parametrize(
    "grid",
    [
        {
            "data.hop": [1],
            "views": [[{"name": "jitter"}], [{"name": "scaling", "p": 0.25}], ["negate", "jitter"]],
        },
        {"backbone": [{"name": "resnet1d", "width": width} for width in range(4, 40, 2)]},
        {"views": [[{"name": "jitter", "sigma": 0.01 * k, "p": 0.5}] * 6 for k in range(1, 4)]},
        {"training.device": ["cpu", "CPU", "c:\\pu", "cp/u", "..", " cpu ", "\N{SNOWMAN}"]},
        {f"overrides.byol.schedule.{'x' * 30}{k}": [1, 2] for k in range(5)},
    ],
)
def test_names_are_safe_on_every_system_and_differ_without_case(registry, grid):
    from sslkit.config.grid import expand

    names = [point.name for point in expand({"watch": {"data": "watch", "grid": grid}}, True, [])["watch"]]
    assert all(SAFE.fullmatch(name) and len(name) < 160 and not name.endswith(".") for name in names)
    assert len({name.casefold() for name in names}) == len(names)


def test_equal_ends_of_paths_are_told_apart(registry):
    objectives = [{"name": "byol", "label": "a"}, {"name": "byol", "label": "b"}]
    grid = {"objectives.a.tau": [0.5], "objectives.b.tau": [0.9]}
    names = names_of(registry, {"data": "watch", "objectives": objectives, "grid": grid})
    assert names == ["objectives.a.tau=0.5,objectives.b.tau=0.9"]


def test_grids_of_a_suite(registry):
    content = {
        "suite": {"a": {"data": "watch"}, "b": {"data": "mnist5k", "grid": {"views": ["simclr"]}}},
        "grid": {"training.batch_size": [32, 64]},
    }
    names = [
        "a,batch_size=32",
        "a,batch_size=64",
        "b,batch_size=32,views=simclr",
        "b,batch_size=64,views=simclr",
    ]
    assert names_of(registry, content) == names
    one = names_of(registry, content, ["suite.a.grid=null", "suite.b.grid.training.batch_size=[8]"])
    assert one == ["a", "b,batch_size=8,views=simclr"]


def test_all_problems_of_all_points_at_once(registry):
    grid = {"training.batch_size": [-1, 30, 64], "training.spedd": [1], "objectives.byoll.tau": [1]}
    found = problems_of(registry, {"data": "watch", "training": {"accumulate": 5}, "grid": grid, "bugdet": 3})
    assert found == {
        "training.batch_size": "input should be greater than or equal to 2, found -1",
        "training.spedd": "there is no such setting",
        "objectives.byoll.tau": "there is no 'byoll'",
        "bugdet": "there is no such key",
    }


def test_a_problem_of_one_point_says_of_which(registry):
    content = {
        "data": "watch",
        "training": {"accumulate": 5},
        "grid": {"training.batch_size": [30, 64], "views.strength": [1, 2]},
    }
    found = problems_of(registry, content)
    assert found == {
        "training.accumulate": "does not divide training.batch_size (in batch_size=64,strength=1)"
    }


@pytest.mark.parametrize(
    ("grid", "path"),
    [
        (3, "grid"),
        ({"training.batch_size": 32}, "grid.training.batch_size"),
        ({"training.batch_size": []}, "grid.training.batch_size"),
        ({"training.batch_size": [32, 32]}, "grid.training.batch_size"),
        ({"training..batch_size": [32]}, "grid.training..batch_size"),
        ({"seeds": [[0], [1]]}, "grid.seeds"),
        ({"name": ["a"]}, "grid.name"),
        ({"grid.views": ["har"]}, "grid.grid.views"),
        ({"evaluation.primary_metric": ["accuracy"]}, "grid.evaluation.primary_metric"),
        ({f"training.a{k}": list(range(5)) for k in range(5)}, "grid"),
    ],
)
def test_grids_that_are_none(registry, grid, path):
    assert path in problems_of(registry, {"data": "watch", "grid": grid})


def test_an_override_of_what_varies_is_an_error(registry):
    content = {"data": "watch", "grid": {"optimizer": ["adamw", "sgd"]}}
    assert "optimizer.learning_rate" in problems_of(registry, content, ["optimizer.learning_rate=1"])
    assert names_of(registry, content, ["training.batch_size=8"]) == ["optimizer=adamw", "optimizer=sgd"]


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "none"), (True, "true"), (0.5, "0.5"), (1e-5, "1e-05"), ("har", "har"), ([], "nothing"),
     ([{"name": "byol", "label": "slow", "tau": 1}, "simclr"], "slow tau=1+simclr")],
)  # fmt: skip
def test_values_as_text(value, text):
    assert value_text(value) == text


def test_schema_takes_grids(registry):
    schema = json.loads(json.dumps(config_schema(registry)))
    good = {"data": "watch", "grid": {"training.batch_size": [32, 64]}}
    jsonschema.validate(good, schema)
    jsonschema.validate({"suite": {"a": good}}, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"data": "watch", "grid": {"training.batch_size": 32}}, schema)
