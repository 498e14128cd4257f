"""A plan is the config's, stays as it is, and each of its settings does to a step what it says."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest
import torch

from sslkit.training.plan import TrainingPlan
from sslkit.training.trainer import Trainer
from tests.training.test_trainer import prepared_of
from tests.training.toy import Do, toy_trainer


def trained(**plan: Any) -> Trainer:
    trainer = toy_trainer(**plan)
    trainer.run()
    return trainer


def weights(trainer: Trainer) -> torch.Tensor:
    return torch.cat([p.detach().flatten() for p in trainer.objective.parameters()])


def test_of_a_config(signals: Path) -> None:
    training = {"batch_size": 16, "accumulate": 2, "clip_norm": 0.5, "precision": "bf16", "device": "cpu"}
    prepared = prepared_of(signals, training=training)
    plan = prepared.trainer(prepared.experiment.objectives[0], 3).plan
    assert plan == TrainingPlan(8, 3, accumulate=2, clip_norm=0.5, precision="bf16", channels_last=False)


def test_it_cannot_be_changed_under_way() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        TrainingPlan(8, 3).seed = 4


def test_total_steps_are_taken_and_no_more() -> None:
    steps: list[int] = []
    trainer = toy_trainer(7, callbacks=[Do(lambda trainer: steps.append(trainer.step))])
    trainer.run()
    assert steps == list(range(1, 8)) and trainer.total_steps == 7
    assert trainer.epoch == 7 / 3  # 12 samples in batches of 4


def test_the_seed_is_that_of_the_networks_own_random_numbers() -> None:
    trainers = [toy_trainer() for _ in range(3)]
    trainers[2].plan = dataclasses.replace(trainers[2].plan, seed=1)
    for trainer in trainers:
        trainer.run()
    assert torch.equal(weights(trainers[0]), weights(trainers[1]))
    assert not torch.equal(weights(trainers[0]), weights(trainers[2]))


def test_pieces_add_up_to_the_batch() -> None:
    """Without dropout, the gradient of the mean over two pieces is that of the batch."""
    gradients = []
    for pieces in (1, 2, 4):
        trainer = toy_trainer(1, accumulate=pieces)
        trainer.objective.backbone.dropout.p = 0.0
        trainer.run()
        gradients.append(trainer.objective.backbone.linear.weight.grad)
    for gradient in gradients[1:]:
        torch.testing.assert_close(gradient, gradients[0])


@pytest.mark.parametrize("bound", [1e-3, 0.05])
def test_the_gradient_is_clipped_to_the_norm(bound: float) -> None:
    free, clipped = trained(steps=1, clip_norm=1e9), trained(steps=1, clip_norm=bound)
    gradients = [torch.cat([p.grad.flatten() for p in t.objective.parameters()]) for t in (free, clipped)]
    assert float(gradients[1].norm()) == pytest.approx(bound, rel=1e-3)
    torch.testing.assert_close(gradients[1] / gradients[1].norm(), gradients[0] / gradients[0].norm())
    assert float(clipped.logs["gradient_norm"]) == pytest.approx(float(gradients[0].norm()))
    assert "gradient_norm" not in trained(steps=1).logs


def test_bf16_is_for_the_forward_pass_only() -> None:
    kinds = []
    trainer = toy_trainer(1, precision="bf16")
    linear = trainer.objective.backbone.linear
    linear.register_forward_hook(lambda *call: kinds.append(call[2].dtype))
    trainer.run()
    assert set(kinds) == {torch.bfloat16}
    assert {p.dtype for p in trainer.objective.parameters()} == {torch.float32}


def test_channels_last_changes_the_order_in_memory_only() -> None:
    trainer = toy_trainer(channels_last=True)
    pictures = torch.arange(2 * 3 * 4 * 5.0).reshape(2, 3, 4, 5)
    (found,) = trainer._in_format([pictures])
    assert found.is_contiguous(memory_format=torch.channels_last) and torch.equal(found, pictures)
    (same,) = toy_trainer()._in_format([pictures])
    assert same is pictures
