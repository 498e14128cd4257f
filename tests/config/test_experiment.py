"""An experiment is frozen, complete, and says itself in plain values that read back."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import ValidationError

from sslkit.config import Experiment, Study, Tuning, ViewsConfig, label_of, parse_study
from sslkit.config.experiment import (
    COMPONENT_LISTS,
    COMPONENTS,
    SECTIONS,
    TOP_LEVEL,
    Budget,
    Evaluation,
    Guards,
    SplitSettings,
    Training,
)
from sslkit.registry import Registry
from sslkit.types import ComponentSpec
from tests.conftest import tiny

JITTER, SCALING = (
    ComponentSpec("augmentation", "jitter", {"sigma": 0.1}),
    ComponentSpec("augmentation", "scaling"),
)


def experiment_of(registry: Registry, **content: Any) -> Experiment:
    (experiment,) = parse_study({"data": "watch", **content}, [], registry).experiments
    return experiment


def test_defaults_of_the_sections() -> None:
    """What users rely on without writing it; a change of one changes their results."""
    assert Training().model_dump() == {
        "batch_size": 256,
        "accumulate": 1,
        "clip_norm": None,
        "precision": "fp32",
        "channels_last": True,
        "device": "auto",
        "threads": None,
        "keep_freed_memory": True,
        "checkpoint_seconds": 30.0,
        "log_every": 10,
        "monitor_every": None,
        "tensorboard": False,
    }
    assert Budget().model_dump() == {"epochs": None, "steps": None}
    assert SplitSettings().model_dump() == {"validation": 0.15, "test": 0.2, "most": None, "seed": 0}
    assert Evaluation().model_dump() == {
        "labels_per_class": (5, 10, 50, "all"),
        "draws": 3,
        "draw_by": "sample",
        "primary_metric": "accuracy",
    }
    assert Guards().model_dump() == {"leaks": "stop", "copies": 0.05}


def test_defaults_of_an_experiment(registry: Registry) -> None:
    experiment = experiment_of(registry)
    assert experiment.labels == ("byol", "simclr")
    assert [spec.name for spec in experiment.evaluators] == ["linear", "knn"]
    assert [spec.name for spec in experiment.baselines] == ["random", "handcrafted", "supervised"]
    assert (experiment.optimizer.name, experiment.schedule.name) == ("adamw", "warmup-cosine")
    assert experiment.frontend is None and experiment.backbone is None  # the modality's
    assert experiment.seeds == (0, 1, 2) and experiment.budget.epochs == 50


def test_every_part_is_a_key_of_a_config() -> None:
    fields = {field.name for field in dataclasses.fields(Experiment)}
    assert {*COMPONENTS, *COMPONENT_LISTS, *SECTIONS} <= fields
    assert set(TOP_LEVEL) == fields - {"variant", "tuned"}


def test_nothing_can_be_changed(registry: Registry) -> None:
    experiment = experiment_of(registry)
    with pytest.raises(dataclasses.FrozenInstanceError):
        experiment.seeds = (1,)
    with pytest.raises(ValidationError):
        experiment.training.batch_size = 3


def test_sections_refuse_what_they_do_not_know() -> None:
    with pytest.raises(ValidationError, match="Extra inputs"):
        Training(batchsize=3)


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"views": [{"name": "jitter", "sigma": 0.1}], "backbone": {"name": "resnet1d", "width": 4}},
        {"views": {"strength": 0.5, "view_1": ["jitter"], "view_2": []}},
        {"views": {"change": {"jitter": None}}},
        {"views": {"name": "har", "strength": 2}},
        {"overrides": {"byol": {"optimizer": {"name": "sgd", "learning_rate": 1.0}}}},
        {"objectives": [{"name": "byol", "label": "mine", "projector": {"name": "byol-mlp", "out_dim": 3}}]},
        {"evaluation": {"labels_per_class": [1, "10 %", "all"]}},
        {"tuning": {"trials": 2, "ranges": {"byol": {"objectives.byol.tau": [0.9, 0.99]}}}},
        {"tuning": {"ranges": {"byol": {"optimizer.learning_rate": {"low": 0.1, "high": 1, "log": True}}}}},
    ],
)
def test_plain_form_reads_back(registry: Registry, content: dict[str, Any]) -> None:
    experiment = experiment_of(registry, **content)
    plain = json.loads(json.dumps(experiment.to_plain()))
    assert set(plain) == set(TOP_LEVEL)
    (again,) = parse_study(plain, [], registry).experiments
    assert again == experiment
    assert again.to_plain() == experiment.to_plain()


def test_plain_form_of_a_whole_config_reads_back(registry: Registry, signals: Path) -> None:
    (experiment,) = parse_study(tiny(signals), [], registry).experiments
    plain = {key: value for key, value in experiment.to_plain().items() if key != "name"}
    (again,) = parse_study(json.loads(json.dumps(plain)), [], registry).experiments
    assert again == experiment


def test_one_objectives_own_optimizer(registry: Registry) -> None:
    experiment = experiment_of(registry, overrides={"byol": {"optimizer": "sgd"}})
    assert experiment.component_for("byol", "optimizer").name == "sgd"
    assert experiment.component_for("byol", "schedule").name == "warmup-cosine"
    assert experiment.component_for("simclr", "optimizer").name == "adamw"


def test_labels() -> None:
    assert label_of(ComponentSpec("objective", "byol")) == "byol"
    assert label_of(ComponentSpec("objective", "byol", {"label": "mine"})) == "mine"
    assert label_of(ComponentSpec("objective", "byol", {"label": ""})) == "byol"


@pytest.mark.parametrize(
    ("views", "plain"),
    [
        (ViewsConfig(), None),
        (ViewsConfig(changes={"strength": 0.5}), {"strength": 0.5}),
        (ViewsConfig(changes={}), None),
        (ViewsConfig(recipe=ComponentSpec("recipe", "har")), {"name": "har"}),
        (
            ViewsConfig(pipelines=((JITTER, SCALING),)),
            {"strength": 1.0, "all_views": [{"name": "jitter", "sigma": 0.1}, {"name": "scaling"}]},
        ),
        (
            ViewsConfig(pipelines=((JITTER,), ()), strength=2.0),
            {"strength": 2.0, "view_1": [{"name": "jitter", "sigma": 0.1}], "view_2": []},
        ),
    ],
)
def test_views_in_plain_values(views: ViewsConfig, plain: dict[str, Any] | None) -> None:
    assert views.to_plain() == plain


def test_tuning_in_plain_values_is_a_copy() -> None:
    ranges = {"byol": {"objectives.byol.tau": [0.9]}}
    plain = Tuning(3, 1, ranges).to_plain()
    assert plain == {"trials": 3, "seed": 1, "ranges": ranges}
    plain["ranges"]["byol"]["x"] = 1
    assert ranges == {"byol": {"objectives.byol.tau": [0.9]}}


@pytest.mark.parametrize(("given", "expected"), [([None, None], None), ([2, None, 3], 3), ([], None)])
def test_a_study_takes_the_most_threads_that_a_member_asks_for(
    given: list[int | None], expected: int | None
) -> None:
    members: list[Any] = [SimpleNamespace(training=Training(threads=threads)) for threads in given]
    assert Study("s", tuple(members)).threads == expected
