"""Data are loaded and cut, and front ends fitted, once for experiments that share them; nothing leaks on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from sslkit.assembly import Prepared, PreparedCache, prepare
from sslkit.config import Experiment
from sslkit.data.sources.arrays import Arrays
from sslkit.errors import ConfigError, SSLKitError
from sslkit.frontends.standardise import Standardise
from sslkit.registry import Registry
from sslkit.types import Dataset, Part
from tests.conftest import write_signals

ExperimentOf = Callable[..., Experiment]
TRAINING = {"batch_size": 16, "device": "cpu", "threads": 1}


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """How often data were loaded and front ends fitted."""
    calls = {"load": 0, "fit": 0}

    def counting(owner: type, name: str) -> None:
        real = getattr(owner, name)

        def call(*arguments: Any) -> Any:
            calls[name] += 1
            return real(*arguments)

        monkeypatch.setattr(owner, name, call)

    counting(Arrays, "load")
    counting(Standardise, "fit")
    return calls


def test_equal_data_and_front_ends_are_made_once(
    experiment_of: ExperimentOf, registry: Registry, counted: dict[str, int]
) -> None:
    cache = PreparedCache()
    first = prepare(experiment_of(), registry, cache=cache)
    second = prepare(experiment_of(backbone={"name": "resnet1d", "width": 5}), registry, cache=cache)
    assert counted == {"load": 1, "fit": 1}
    assert first.splits is second.splits and first.frontend is second.frontend
    assert first.experiment.backbone != second.experiment.backbone


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"splits": {"seed": 1}}, {"load": 2, "fit": 2}),  # another training part has other statistics
        ({"data": "other"}, {"load": 2, "fit": 2}),
        ({"frontend": "scale"}, {"load": 1, "fit": 1}),
        ({"training": {**TRAINING, "batch_size": 8}}, {"load": 1, "fit": 1}),
    ],
    ids=str,
)
def test_what_is_made_anew(
    experiment_of: ExperimentOf,
    registry: Registry,
    counted: dict[str, int],
    tmp_path: Path,
    changes: dict[str, Any],
    expected: dict[str, int],
) -> None:
    if changes.get("data") == "other":
        changes = {"data": {"name": "arrays", "path": str(write_signals(tmp_path / "other.npz", length=40))}}
    cache = PreparedCache()
    first = prepare(experiment_of(), registry, cache=cache)
    second = prepare(experiment_of(**changes), registry, cache=cache)
    assert counted == expected
    assert (first.splits is second.splits) == (expected["load"] == 1)


def test_without_a_cache_nothing_is_shared(
    experiment_of: ExperimentOf, registry: Registry, counted: dict[str, int]
) -> None:
    first, second = prepare(experiment_of(), registry), prepare(experiment_of(), registry)
    assert counted == {"load": 2, "fit": 2}
    assert first.frontend is not second.frontend
    assert first.data_digest == second.data_digest


def test_a_cached_front_end_is_that_of_a_fresh_one(experiment_of: ExperimentOf, registry: Registry) -> None:
    """Another front end in between leaves no trace."""
    cache = PreparedCache()
    prepare(experiment_of(), registry, cache=cache)
    prepare(experiment_of(frontend="scale"), registry, cache=cache)
    cached, fresh = prepare(experiment_of(), registry, cache=cache), prepare(experiment_of(), registry)
    assert torch.equal(cached.frontend.mean, fresh.frontend.mean)
    assert torch.equal(cached.frontend.std, fresh.frontend.std)


def test_the_modality_s_defaults_are_filled_in(experiment_of: ExperimentOf, registry: Registry) -> None:
    experiment = experiment_of(views=None, backbone=None)
    assert experiment.frontend is None
    found = prepare(experiment, registry).experiment
    assert found.frontend is not None and found.frontend.name == "standardise"
    assert found.backbone is not None and found.backbone.name == "resnet1d"
    assert found.views.recipe is not None and found.views.recipe.name == "sensor-default"
    assert experiment.frontend is None  # the experiment itself says what the user said


def test_changes_reach_the_modality_s_recipe(experiment_of: ExperimentOf, registry: Registry) -> None:
    found = prepare(experiment_of(views={"strength": 0.5}), registry)
    assert found.experiment.views.recipe is not None
    assert found.experiment.views.recipe.settings["strength"] == 0.5
    with pytest.raises(ConfigError, match="the recipe has no such augmentation"):
        prepare(experiment_of(views={"change": {"solarize": None}}), registry)


class Damaged:
    """Samples of which one cannot be read."""

    def __init__(self, samples: Any, bad: int) -> None:
        self.samples, self.bad = samples, bad

    def __len__(self) -> int:
        return len(self.samples)

    def __getitem__(self, indices: np.ndarray) -> torch.Tensor:
        if self.bad in indices:
            raise SSLKitError(f"sample {self.bad} cannot be decoded")
        return self.samples[indices]


@pytest.mark.parametrize("part", ["train", "test"])
def test_a_sample_that_cannot_be_read_is_found_before_training(
    experiment_of: ExperimentOf, registry: Registry, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    load = Arrays.load

    def damaged(source: Arrays) -> Dataset:
        dataset = load(source)
        old: Part = getattr(dataset, part)
        return replace(dataset, **{part: Part(Damaged(old.x, len(old) - 1), old.y)})

    monkeypatch.setattr(Arrays, "load", damaged)
    with pytest.raises(SSLKitError, match="cannot be decoded"):
        prepare(experiment_of(), registry)


def test_statistics_of_another_part_are_caught(
    experiment_of: ExperimentOf, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if the batches that a front end is fitted on held test samples."""

    def peeking(prepared: Prepared, size: int = 256, chosen: object = None) -> Iterator[torch.Tensor]:
        yield prepared.splits.train.x[np.arange(10)]
        yield prepared.splits.test.x[np.arange(3)]

    monkeypatch.setattr(Prepared, "decoded_batches", peeking)
    with pytest.raises(SSLKitError, match="read 3 test samples"):
        prepare(experiment_of(), registry)


def test_leaks_are_looked_for_where_it_is_asked(
    experiment_of: ExperimentOf, registry: Registry, signals: Path
) -> None:
    arrays = dict(np.load(signals))
    arrays["X_test"] = arrays["X_train"][: len(arrays["X_test"])]  # every test sample is a training sample
    arrays["y_test"] = arrays["y_train"][: len(arrays["y_test"])]
    np.savez(signals, **arrays)
    assert prepare(experiment_of(), registry).inspection is None
    with pytest.raises(SSLKitError, match="48 of 48 test samples"):
        prepare(experiment_of(), registry, guarded=True)
    warned = prepare(experiment_of(guards={"leaks": "warn"}), registry, guarded=True)
    assert warned.inspection is not None and warned.inspection.findings and warned.warnings


def test_an_inspection_is_made_once_for_each_share_of_copies(
    experiment_of: ExperimentOf, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sslkit.assembly import preparing

    real, calls = preparing.inspect, []

    def counting(*arguments: Any) -> Any:
        calls.append(arguments[3])
        return real(*arguments)

    monkeypatch.setattr(preparing, "inspect", counting)
    cache = PreparedCache()
    for copies in (0.05, 0.05, 0.2):
        prepare(experiment_of(guards={"copies": copies}), registry, cache=cache, guarded=True)
    assert calls == [0.05, 0.2]


def test_another_front_end_is_looked_through_anew(experiment_of: ExperimentOf, registry: Registry) -> None:
    """Near copies are found in what the front end makes of the samples."""
    cache = PreparedCache()
    first, second = (
        prepare(experiment_of(frontend=name), registry, cache=cache, guarded=True).inspection
        for name in ("standardise", "scale")
    )
    assert first is not None and second is not None and first is not second


def test_threads_are_those_of_the_config(experiment_of: ExperimentOf, registry: Registry) -> None:
    before = torch.get_num_threads()
    try:
        prepare(experiment_of(training={**TRAINING, "threads": 2}), registry)
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)


def test_no_gradients_are_kept(experiment_of: ExperimentOf, registry: Registry) -> None:
    found: Prepared = prepare(experiment_of(), registry)
    assert not any(tensor.requires_grad for tensor in found.frontend.buffers())
    assert found.device == torch.device("cpu")
