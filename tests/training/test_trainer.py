"""The loop: deterministic, paired, resumable to the same bits, and clear when it cannot go on."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch

from sslkit.assembly import Prepared, prepare
from sslkit.config import parse_study
from sslkit.errors import SSLKitError
from sslkit.plugins import load_registry
from sslkit.running.runs import Run, pretrain_run
from sslkit.training.callbacks.base import BaseCallback
from sslkit.training.trainer import Diverged, Interrupted
from tests.conftest import tiny


def prepared_of(signals, **changes) -> Prepared:
    registry, _ = load_registry()
    return prepare(parse_study(tiny(signals, **changes), [], registry).experiments[0], registry)


def weights(module: torch.nn.Module) -> dict[str, torch.Tensor]:
    return {name: value.clone() for name, value in module.state_dict().items()}


def assert_same_bits(first, second):
    assert first.keys() == second.keys()
    for name in first:
        assert torch.equal(first[name], second[name]), name


def test_same_seed_same_bits(signals):
    prepared = prepared_of(signals)
    spec = prepared.experiment.objectives[0]
    trainers = [prepared.trainer(spec, seed) for seed in (3, 3, 4)]
    for trainer in trainers:
        trainer.run()
    assert_same_bits(weights(trainers[0].objective), weights(trainers[1].objective))
    some = next(iter(trainers[0].objective.backbone.parameters()))
    assert not torch.equal(some, next(iter(trainers[2].objective.backbone.parameters())))


def test_objectives_are_paired(signals):
    """Under one seed both objectives start from one backbone and see the same views of the same batches."""
    prepared = prepared_of(signals)
    byol, simclr = (prepared.trainer(spec, 5) for spec in prepared.experiment.objectives)
    assert_same_bits(weights(byol.objective.backbone), weights(simclr.objective.backbone))
    for step, (a, b) in enumerate(zip(byol.loader.batches(0, 7), simclr.loader.batches(0, 7), strict=True)):
        assert torch.equal(a, b)
        for x, y in zip(byol.views(a, step), simclr.views(b, step), strict=True):
            assert torch.equal(x, y)


def test_views_differ_between_steps_views_and_samples(signals):
    trainer = prepared_of(signals).trainer(prepared_of(signals).experiment.objectives[0], 0)
    batch = next(iter(trainer.loader.batches(0, 1)))
    first, second = trainer.views(batch, 0)
    later, _ = trainer.views(batch, 1)
    assert not torch.equal(first, second)
    assert not torch.equal(first, later)


class StopAt(BaseCallback):
    """Asks to stop after a step."""

    def __init__(self, step):
        self.at = step

    def on_step(self, trainer, logs):
        trainer.stop_requested = trainer.step >= self.at


@pytest.mark.parametrize("objective", [0, 1])
@pytest.mark.parametrize("stop", [1, 3, 7])
def test_resumed_run_ends_in_the_same_bits(signals, tmp_path, objective, stop):
    prepared = prepared_of(signals, backbone={"name": "transformer1d"})  # it has dropout
    spec = prepared.experiment.objectives[objective]
    whole = prepared.trainer(spec, 0)
    whole.run()
    path = tmp_path / "checkpoint.pt"
    with pytest.raises(Interrupted):
        prepared.trainer(spec, 0, path, [StopAt(stop)]).run()
    resumed = prepared.trainer(spec, 0, path)
    resumed.run()
    assert_same_bits(weights(whole.objective), weights(resumed.objective))
    finished = prepared.trainer(spec, 0, path)
    finished.run()
    assert finished.step == finished.total_steps


def test_metrics_of_a_resumed_run_have_each_step_once(signals, tmp_path):
    prepared = prepared_of(signals)
    run = Run(prepared.experiment.objectives[0], 0)
    pretrain_run(prepared, run, tmp_path, lambda *_: None)
    whole = [json.loads(line) for line in (tmp_path / "metrics.jsonl").read_text().splitlines()]
    (tmp_path / "checkpoint.pt").unlink()
    trainer = prepared.trainer(run.spec, 0, tmp_path / "checkpoint.pt", [StopAt(3)])
    with pytest.raises(Interrupted):
        trainer.run()
    with (tmp_path / "metrics.jsonl").open("a") as file:
        file.write('{"step": 4, "lo')  # a line cut off by a kill
    pretrain_run(prepared, run, tmp_path, lambda *_: None)
    lines = [json.loads(line) for line in (tmp_path / "metrics.jsonl").read_text().splitlines()]
    losses = [(line["step"], line["loss"]) for line in lines if "loss" in line]
    assert losses == [(line["step"], line["loss"]) for line in whole if "loss" in line]
    assert [step for step, _ in losses] == list(range(1, 9))


def test_learning_rate_follows_the_schedule_per_optimiser_step(signals):
    prepared = prepared_of(signals, optimizer={"name": "sgd", "learning_rate": 0.5, "batch_scaling": "none"})
    trainer = prepared.trainer(prepared.experiment.objectives[0], 0)
    rates = []

    class Record(BaseCallback):
        def on_step(self, trainer, logs):
            rates.append(logs["learning_rate"])

    trainer.callbacks = [Record()]
    trainer.run()
    assert rates == [pytest.approx(0.5 * trainer.schedule.factor(k, 8)) for k in range(8)]


def test_accumulation_steps_the_target_once(signals):
    training = {"batch_size": 16, "accumulate": 4, "device": "cpu", "threads": 1}
    prepared = prepared_of(signals, training=training)
    trainer = prepared.trainer(prepared.experiment.objectives[0], 0)
    calls = []
    after_step = trainer.objective.after_step
    trainer.objective.after_step = lambda progress: calls.append(progress) or after_step(progress)
    trainer.run()
    assert calls == [pytest.approx((k + 1) / 8) for k in range(8)]


def test_nan_stops_with_words_and_keeps_the_last_good_checkpoint(signals, tmp_path):
    prepared = prepared_of(signals)
    path = tmp_path / "checkpoint.pt"
    trainer = prepared.trainer(prepared.experiment.objectives[0], 0, path)

    class Spoil(BaseCallback):
        def on_step(self, trainer, logs):
            if trainer.step == 4:
                with torch.no_grad():
                    next(trainer.objective.parameters()).fill_(float("nan"))

    trainer.callbacks = [Spoil()]
    with pytest.raises(Diverged, match=r"NaN or Inf.*checkpoint"):
        trainer.run()
    state = torch.load(path, weights_only=True)
    assert state["step"] == 3
    assert all(value.isfinite().all() for value in state["objective"].values() if value.is_floating_point())


def test_a_checkpoint_of_another_seed_is_refused(signals, tmp_path):
    prepared = prepared_of(signals)
    spec = prepared.experiment.objectives[0]
    prepared.trainer(spec, 0, tmp_path / "checkpoint.pt").run()
    with pytest.raises(SSLKitError, match="another config"):
        prepared.trainer(spec, 1, tmp_path / "checkpoint.pt").run()


def test_without_a_path_nothing_is_saved(signals, tmp_path):
    prepared = prepared_of(signals)
    trainer = prepared.trainer(prepared.experiment.objectives[0], 0)
    before = sorted(tmp_path.rglob("*"))
    trainer.run()
    trainer.save()
    assert trainer.checkpoint is None
    assert sorted(tmp_path.rglob("*")) == before


def test_bf16_trains(signals):
    training = {"batch_size": 16, "precision": "bf16", "device": "cpu", "threads": 1}
    prepared = prepared_of(signals, training=training)
    trainer = prepared.trainer(prepared.experiment.objectives[1], 0)
    trainer.run()
    assert all(p.dtype == torch.float32 and p.isfinite().all() for p in trainer.objective.parameters())


def test_monitoring_does_not_change_the_weights(signals, tmp_path):
    prepared = prepared_of(signals)
    spec = prepared.experiment.objectives[0]
    bare = prepared.trainer(spec, 0)
    bare.run()
    watched, _ = pretrain_run(prepared, Run(spec, 0), tmp_path, lambda *_: None)
    assert_same_bits(weights(bare.objective), weights(watched.objective))


def test_precomputed_features_equal_the_front_end_at_each_step(signals):
    prepared = prepared_of(signals)
    trainer = prepared.trainer(prepared.experiment.objectives[0], 0)
    assert trainer.views.frontend is None
    raw_views = prepared.views(0, 2)
    indices = trainer.loader.order.indices(0)
    raw = prepared.splits.train.x[np.asarray(indices)]
    for x, y in zip(trainer.views(trainer.loader.samples[indices], 0), raw_views(raw, 0), strict=True):
        torch.testing.assert_close(x, y)


def test_tensorboard_gets_the_scalars(signals, tmp_path):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    prepared = prepared_of(
        signals, training={"batch_size": 16, "device": "cpu", "tensorboard": True, "log_every": 4}
    )
    pretrain_run(prepared, Run(prepared.experiment.objectives[0], 0), tmp_path, lambda *_: None)
    events = EventAccumulator(str(tmp_path / "tensorboard"))
    events.Reload()
    assert [event.step for event in events.Scalars("loss")] == [4, 8]
