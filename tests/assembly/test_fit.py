"""What does not fit the data is said before any training, all of it at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
import torch
from torch import Tensor

from sslkit.assembly import Prepared, prepare
from sslkit.assembly.fit import check_fit
from sslkit.config import Experiment
from sslkit.errors import ConfigError, Problem, SSLKitError
from sslkit.registry import Registry
from sslkit.types import Augmentation, Backbone, Baseline, FrontEnd, Objective, SampleSpec

ExperimentOf = Callable[..., Experiment]
PreparedOf = Callable[..., Prepared]


class Mixing(FrontEnd):
    """A front end in which samples of a batch see each other."""

    def __init__(self, spec: SampleSpec) -> None:
        super().__init__()
        self.out_spec = spec

    def forward(self, x: Tensor) -> Tensor:
        return x - x.mean(0)


class Failing(Backbone):
    """Takes samples of two axes and then does not."""

    sample_ndim = 2

    def __init__(self, shape: tuple[int, ...]) -> None:
        super().__init__()
        self.out_dim, self.weight = 1, torch.nn.Parameter(torch.ones(()))

    def forward(self, x: Tensor) -> Tensor:
        raise RuntimeError("mat1 and mat2 shapes cannot be multiplied\nsecond line")


class Longer(Augmentation):
    """Turns every window into two."""

    stage = "features"

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        return torch.cat([x, x], -1)


class Infinite(Augmentation):
    """Divides by zero."""

    stage = "features"

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        return x / 0


class Clumsy(Objective):
    """Cannot be built."""

    def __init__(self, backbone: Backbone) -> None:
        super().__init__()
        raise KeyError("no such key")


class Picky(Baseline):
    """Takes no data at all."""

    def check(self, prepared: Prepared) -> None:
        raise SSLKitError("baselines.picky: these data are not good enough.")


@pytest.fixture
def registry() -> Registry:
    """The built-ins, and components of a plugin that are all wrong for these data."""
    from sslkit.plugins import load_registry

    found = Registry()
    for entry in load_registry()[0].entries():
        found.put(entry)
    found.source = "wrong"
    for component in (Mixing, Failing, Longer, Infinite, Clumsy, Picky):
        found.add(component.__name__.lower(), component)
    return found


@pytest.fixture
def problems_of(experiment_of: ExperimentOf, registry: Registry) -> Callable[..., list[Problem]]:
    def problems(**changes: Any) -> list[Problem]:
        with pytest.raises(ConfigError, match="arrays: does not fit the data") as caught:
            prepare(experiment_of(**changes), registry)
        return caught.value.problems

    return problems


@pytest.mark.parametrize(
    ("changes", "path", "words"),
    [
        ({"frontend": "mixing"}, "frontend", "another answer alone than in a batch"),
        ({"backbone": "failing"}, "backbone", "cannot take samples of shape (3, 33): RuntimeError: mat1 and"),
        ({"views": ["longer"]}, "views", "turn shape (3, 33) into (3, 66)"),
        ({"views": ["infinite"]}, "views", "NaN or Inf"),
        ({"objectives": ["clumsy"]}, "objectives.clumsy", "cannot be used with these data: KeyError"),
        ({"baselines": ["picky"]}, "baselines.picky", "these data are not good enough"),
        (
            {"views": ["horizontal-flip"]},
            "views",
            "augmentation 'horizontal-flip' is for image, the data is sensor",
        ),
        ({"views": "byol"}, "views", "recipe 'byol' is for image, the data is sensor"),
        (
            {"backbone": "resnet18"},
            "backbone",
            "'resnet18' takes samples of 3 axes, after the front end they have 2",
        ),
        ({"frontend": "log-mel"}, None, "log-mel takes clips"),
    ],
    ids=str,
)
def test_each_that_does_not_fit(
    experiment_of: ExperimentOf, registry: Registry, changes: dict[str, Any], path: str | None, words: str
) -> None:
    with pytest.raises(SSLKitError) as caught:
        prepare(experiment_of(**changes), registry)
    assert words in str(caught.value)
    if path is not None:
        assert isinstance(caught.value, ConfigError)
        assert [problem.path for problem in caught.value.problems] == [path]


def test_all_at_once(problems_of: Callable[..., list[Problem]]) -> None:
    training = {"batch_size": 83, "device": "cpu", "threads": 1}
    found = problems_of(
        frontend="mixing", objectives=["clumsy", "byol"], baselines=["picky", "random"], training=training
    )
    paths = ["frontend", "objectives.clumsy", "baselines.picky", "training.batch_size"]
    assert [problem.path for problem in found] == paths


def test_a_batch_larger_than_the_training_part(problems_of: Callable[..., list[Problem]]) -> None:
    (problem,) = problems_of(training={"batch_size": 83, "device": "cpu", "threads": 1})
    assert problem == Problem(
        "training.batch_size", "is 83, but the training part has 82 samples", "Use at most 82."
    )


def test_of_another_modality_nothing_is_tried(problems_of: Callable[..., list[Problem]]) -> None:
    """What follows from the one mistake would only hide it."""
    found = problems_of(views=["horizontal-flip"], backbone="failing", objectives=["clumsy"])
    assert [problem.path for problem in found] == ["views"]


def test_backbones_that_would_fit_are_named(problems_of: Callable[..., list[Problem]]) -> None:
    (problem,) = problems_of(backbone="resnet18")
    assert problem.advice == "Fitting: failing, inception-time, resnet1d, transformer1d."


def test_a_reason_is_one_line_without_its_place_twice(problems_of: Callable[..., list[Problem]]) -> None:
    (problem,) = problems_of(baselines=["picky"])
    assert str(problem) == "baselines.picky: these data are not good enough."
    (problem,) = problems_of(backbone="failing")
    assert "\n" not in str(problem)


RATES: Sequence[tuple[str, float, bool]] = [
    ("adamw", 1e-3, False),
    ("adamw", 0.2, True),
    ("adamw", 1e-8, True),
    ("sgd", 0.5, False),
    ("lars", 1e-5, True),
]


@pytest.mark.parametrize(("name", "rate", "warned"), RATES)
def test_unusual_learning_rates_are_warned_of(
    prepared_of: PreparedOf, name: str, rate: float, warned: bool
) -> None:
    optimizer = {"name": name, "learning_rate": rate, "batch_scaling": "none"}
    found = [text for text in prepared_of(optimizer=optimizer).warnings if "learning rate" in text]
    assert len(found) == (2 if warned else 0)  # one of each objective
    assert all(f"is unusual for {name}" in text for text in found)


def test_bf16_on_a_cpu_is_warned_of(prepared_of: PreparedOf) -> None:
    training = {"batch_size": 16, "precision": "bf16", "device": "cpu", "threads": 1}
    assert any(text.startswith("bf16 on a CPU") for text in prepared_of(training=training).warnings)
    assert not any("bf16" in text for text in prepared_of().warnings)


def test_trying_leaves_nothing_behind(prepared_of: PreparedOf) -> None:
    found = prepared_of()
    before = {name: value.clone() for name, value in found.frontend.state_dict().items()}
    warnings = list(found.warnings)
    check_fit(found)
    assert all(torch.equal(value, before[name]) for name, value in found.frontend.state_dict().items())
    assert found.warnings == warnings * 2 == []
