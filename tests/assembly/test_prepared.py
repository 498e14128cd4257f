"""What the methods of an experiment share, and what makes a run another run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from sslkit.assembly import Prepared, prepared
from sslkit.registry import Registry
from sslkit.training.distributed import Processes
from tests.conftest import write_signals

PreparedOf = Callable[..., Prepared]
TRAINING = {"batch_size": 16, "device": "cpu", "threads": 1}


def weights(module: torch.nn.Module) -> dict[str, torch.Tensor]:
    return {name: value.clone() for name, value in module.state_dict().items()}


def same(first: torch.nn.Module, second: torch.nn.Module) -> bool:
    one, other = weights(first), weights(second)
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


@pytest.mark.parametrize(
    ("budget", "steps"),
    [
        ({"steps": 8}, 8),
        ({"epochs": 1}, 5),
        ({"epochs": 2.5}, 12),
        ({"epochs": 0.01}, 1),
        ({"epochs": 3}, 15),
    ],
)
def test_the_budget_in_steps(prepared_of: PreparedOf, budget: dict[str, float], steps: int) -> None:
    """82 of 96 samples are left for training: five whole batches of 16 an epoch."""
    found = prepared_of(budget=budget)
    assert len(found.splits.train) == 82 and found.steps_per_epoch == 5
    assert found.total_steps == steps
    assert found.trainer(found.experiment.objectives[0], 0).total_steps == steps


def test_every_method_starts_from_the_seeds_backbone(prepared_of: PreparedOf) -> None:
    found = prepared_of()
    byol, simclr = found.experiment.objectives
    assert same(found.backbone(3), found.backbone(3))
    assert same(found.backbone(3), found.objective(byol, 3).backbone)
    assert same(found.objective(byol, 3).backbone, found.objective(simclr, 3).backbone)
    assert not same(found.backbone(3), found.backbone(4))


def test_heads_are_of_the_seed_too(prepared_of: PreparedOf) -> None:
    found = prepared_of()
    spec = found.experiment.objectives[1]
    assert same(found.objective(spec, 3), found.objective(spec, 3))
    first, second = (found.objective(spec, seed).projector for seed in (3, 4))
    assert not same(first, second)


def test_heads_do_not_depend_on_the_backbone_s_size(prepared_of: PreparedOf) -> None:
    """So that two backbones of one width are compared under equal heads."""
    heads = []
    for blocks in (1, 2):
        found = prepared_of(backbone={"name": "resnet1d", "width": 4, "blocks": blocks})
        heads.append(found.objective(found.experiment.objectives[1], 3).projector)
    assert same(*heads)


SHAPING: list[dict[str, Any]] = [
    {"views": [{"name": "jitter"}]},
    {"views": [{"name": "jitter", "sigma": 0.2}, {"name": "scaling"}]},
    {"frontend": "scale"},
    {"backbone": {"name": "resnet1d", "width": 5}},
    {"optimizer": {"name": "adamw", "learning_rate": 2e-3}},
    {"schedule": "constant"},
    {"overrides": {"byol": {"optimizer": "sgd"}}},
    {"budget": {"steps": 9}},
    {"training": {**TRAINING, "batch_size": 15}},
    {"training": {**TRAINING, "accumulate": 2}},
    {"training": {**TRAINING, "clip_norm": 1.0}},
    {"training": {**TRAINING, "precision": "bf16"}},
    {"training": {**TRAINING, "channels_last": False}},
    {"training": {**TRAINING, "threads": 2}},  # sums are added up in another order
    {"splits": {"seed": 1}},
]
OTHER: list[dict[str, Any]] = [
    {"training": {**TRAINING, "checkpoint_seconds": 7, "log_every": 3, "monitor_every": 2}},
    {"training": {**TRAINING, "tensorboard": True, "keep_freed_memory": False}},
    {"evaluation": {"labels_per_class": ["all"]}},
    {"evaluators": ["knn"]},
    {"baselines": []},
    {"seeds": [5]},
    {"guards": {"leaks": "warn"}},
    {"name": "another"},
]


@pytest.fixture
def identity_of(prepared_of: PreparedOf) -> Callable[..., str]:
    """Of the first objective under seed 0."""

    def identity(**changes: Any) -> str:
        found = prepared_of(**{"training": TRAINING, **changes})
        return found.identity(found.experiment.objectives[0], 0)

    return identity


@pytest.mark.parametrize("change", SHAPING, ids=str)
def test_what_shapes_the_weights_makes_another_run(
    identity_of: Callable[..., str], change: dict[str, Any]
) -> None:
    assert identity_of(**change) != identity_of()


@pytest.mark.parametrize("change", OTHER, ids=str)
def test_what_does_not_leaves_it_the_same(identity_of: Callable[..., str], change: dict[str, Any]) -> None:
    assert identity_of(**change) == identity_of()


def test_method_seed_and_data_make_another_run(prepared_of: PreparedOf, signals: Any) -> None:
    found = prepared_of()
    byol, simclr = found.experiment.objectives
    identities = {found.identity(byol, 0), found.identity(byol, 1), found.identity(simclr, 0)}
    write_signals(signals, length=34)
    other = prepared_of()
    assert other.data_digest != found.data_digest
    assert len(identities | {other.identity(byol, 0)}) == 4


def test_the_data_s_digest_is_of_contents_and_parts(prepared_of: PreparedOf) -> None:
    found = prepared_of()
    assert found.data_digest == prepared_of(backbone={"name": "resnet1d", "width": 5}).data_digest
    assert found.fingerprint == prepared_of(splits={"seed": 1}).fingerprint
    assert found.data_digest != prepared_of(splits={"seed": 1}).data_digest


def test_batches_hold_each_training_sample_once_in_order(prepared_of: PreparedOf) -> None:
    found = prepared_of()
    whole = found.dataset.spec.decode(found.splits.train.x[np.arange(len(found.splits.train))])
    pieces = list(found.decoded_batches(30))
    assert [len(piece) for piece in pieces] == [30, 30, 22]
    assert torch.equal(torch.cat(pieces), whole)


def test_features_are_computed_once_where_they_fit(
    prepared_of: PreparedOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With augmentations of features only; the trainers then share what the front end made."""
    found = prepared_of()
    byol, simclr = (found.trainer(spec, 0) for spec in found.experiment.objectives)
    assert byol.loader.samples is simclr.loader.samples and byol.views.frontend is None
    expected = torch.cat([found.frontend(batch) for batch in found.decoded_batches()])
    assert torch.equal(byol.loader.samples[np.arange(len(expected))], expected)
    monkeypatch.setattr(prepared, "FEATURE_CACHE_BYTES", 4 * expected.numel() - 1)
    large = found.trainer(found.experiment.objectives[0], 0)
    assert large.loader.samples is found.splits.train.x and large.views.frontend is found.frontend


@pytest.mark.parametrize(("augmentation", "raw"), [("rotation", True), ("time-flip", False)])
def test_augmentations_before_the_front_end_need_raw_samples(
    prepared_of: PreparedOf, augmentation: str, raw: bool
) -> None:
    found = prepared_of(views=[augmentation])
    trainer = found.trainer(found.experiment.objectives[0], 0)
    assert (trainer.views.frontend is found.frontend) == raw
    assert (trainer.loader.samples is found.splits.train.x) == raw


def test_every_run_has_augmentations_of_its_own(prepared_of: PreparedOf) -> None:
    found = prepared_of()
    first, second = found.pipelines()[0], found.pipelines()[0]
    assert [type(a) for a in first.augmentations] == [type(a) for a in second.augmentations]
    assert not {*map(id, first.augmentations)} & {*map(id, second.augmentations)}


def test_channels_last_is_for_samples_of_three_axes(prepared_of: PreparedOf) -> None:
    found = prepared_of()
    assert found.experiment.training.channels_last and not found.channels_last
    found.frontend.out_spec = type(found.frontend.out_spec)("image", (3, 8, 8))
    assert found.channels_last


def test_used_entries_are_all_that_a_run_depends_on(prepared_of: PreparedOf) -> None:
    found = prepared_of(
        views="har", overrides={"byol": {"optimizer": "sgd"}}, evaluators=["knn"], schedule="constant"
    )
    used = {(entry.kind, entry.name) for entry in found.used_entries()}
    recipe = {spec.name for pipeline in found.pipeline_specs() for spec in pipeline}
    assert {name for kind, name in used if kind == "augmentation"} == recipe != set()
    assert used >= {
        ("data", "arrays"),
        ("modality", "sensor"),
        ("recipe", "har"),
        ("frontend", "standardise"),  # the modality's default
        ("backbone", "resnet1d"),
        ("objective", "byol"),
        ("head", "byol-mlp"),  # nested in an objective
        ("head", "simclr-mlp"),
        ("optimizer", "adamw"),
        ("optimizer", "sgd"),  # of an override
        ("schedule", "constant"),
        ("evaluator", "knn"),
        ("baseline", "supervised"),
    }
    assert ("evaluator", "linear") not in used and len(found.used_entries()) == len(used)


def test_evaluators_by_label_in_the_config_s_order(prepared_of: PreparedOf) -> None:
    found = prepared_of(evaluators=["knn", {"name": "knn", "label": "5 nearest", "k": 5}, "linear"])
    assert list(found.evaluators()) == ["knn", "5 nearest", "linear"]
    assert [getattr(one, "k", None) for one in found.evaluators().values()] == [20, 5, None]


def test_the_encoder_is_the_front_end_and_that_backbone(prepared_of: PreparedOf) -> None:
    found = prepared_of()
    backbone = found.backbone(0).eval()
    encoder = found.encoder(backbone, seed=0).eval()
    raw = found.splits.test.x[np.arange(5)]
    with torch.no_grad():
        expected = backbone(found.frontend(found.dataset.spec.decode(raw)))
        assert torch.equal(encoder(raw), expected)
    assert encoder.backbone is backbone
    assert encoder.card["seed"] == 0 and encoder.card["data_digest"] == found.data_digest
    assert encoder.card["class_names"] == list(found.dataset.class_names)


def test_one_process_of_several_gets_its_share(prepared_of: PreparedOf) -> None:
    found = prepared_of()
    spec = found.experiment.objectives[0]
    whole = next(iter(found.trainer(spec, 0).loader.batches(0, 1)))
    shares = [
        next(iter(found.trainer(spec, 0, processes=Processes(rank, 2)).loader.batches(0, 1)))
        for rank in (0, 1)
    ]
    assert torch.equal(torch.cat(shares), whole)


def test_the_most_views_that_an_objective_takes(
    prepared_of: PreparedOf, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = prepared_of()
    assert found.n_views == 2
    monkeypatch.setattr(registry.entry("objective", "byol").component, "n_views", 5)
    assert found.n_views == 5


def test_the_front_end_is_shared_and_fitted_on_training_samples(prepared_of: PreparedOf) -> None:
    found = prepared_of()
    whole = found.dataset.spec.decode(found.splits.train.x[np.arange(len(found.splits.train))]).double()
    mean, std = whole.mean((0, 2)), whole.std((0, 2), correction=0)
    torch.testing.assert_close(found.frontend.mean.flatten().double(), mean, atol=1e-6, rtol=1e-5)
    torch.testing.assert_close(found.frontend.std.flatten().double(), std, atol=1e-6, rtol=1e-5)
    assert found.views(0, 2).frontend is found.frontend
