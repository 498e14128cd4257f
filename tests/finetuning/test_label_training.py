"""Training with labels: the same batches for every start, rates by the closed form, the best state, no other labels."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from sslkit.data.loader import BatchOrder
from sslkit.data.samples import ArraySamples
from sslkit.errors import SSLKitError
from sslkit.finetuning import label_training
from sslkit.finetuning.label_training import LabelTraining, checked_rates, fit, scores_of, trials
from sslkit.randomness import derive
from sslkit.types import Part
from tests.finetuning.test_fine_tune import Mixing, blobs, task

HOW = LabelTraining(steps=20, learning_rate=1e-2, weight_decay=0.0, batch_size=32, checks=4)


def changed(**settings: Any) -> LabelTraining:
    return LabelTraining(**{**vars(HOW), **settings})


def test_trials_are_each_rate_without_and_with_augmentation() -> None:
    found = trials((1e-2, 1e-3), 7, 0.1, 32, 5, policy="frozen", layer_decay=0.5)
    assert [(one.learning_rate, one.augmented) for one in found] == [
        (1e-2, False),
        (1e-2, True),
        (1e-3, False),
        (1e-3, True),
    ]
    assert {(one.steps, one.weight_decay, one.batch_size, one.checks) for one in found} == {(7, 0.1, 32, 5)}
    assert {(one.policy, one.layer_decay) for one in found} == {("frozen", 0.5)}
    assert len(trials(1e-2, 7, 0.1, 32, 5)) == 2


def test_no_rate_is_refused_by_its_name() -> None:
    assert checked_rates((1e-2,), "supervised") == (1e-2,)
    assert checked_rates(0.1, "supervised") == 0.1
    with pytest.raises(SSLKitError, match="supervised: 'learning_rate' is empty"):
        checked_rates((), "supervised")


@pytest.mark.parametrize("steps", [1, 7, 40, 300])
def test_rates_warm_up_and_fall_by_a_cosine(monkeypatch: pytest.MonkeyPatch, steps: int) -> None:
    """A tenth of the rate at first, linearly up over a twentieth of the steps, then half a cosine to 0."""
    seen: list[float] = []
    step = torch.optim.AdamW.step

    def record(self: torch.optim.AdamW, *arguments: Any) -> Any:
        seen.append(self.param_groups[0]["lr"])
        return step(self, *arguments)

    monkeypatch.setattr(torch.optim.AdamW, "step", record)
    fit(task(), changed(steps=steps, checks=1))
    warm, rest = max(1, steps // 20), max(1, steps - steps // 20)
    expected = [
        (0.1 + 0.9 * k / warm) if k < warm else 0.5 * (1 + math.cos(math.pi * (k - warm) / rest))
        for k in range(steps)
    ]
    assert seen == pytest.approx([1e-2 * factor for factor in expected], rel=1e-6)


def test_batches_and_head_follow_from_seed_and_nothing_else() -> None:
    """Recomputed here: a run by hand with plain torch ends in the same scores."""
    given = task()
    found = fit(given, changed(checks=1, steps=6))
    backbone = Mixing()
    torch.manual_seed(derive(given.seed, "supervised head"))
    network = nn.Sequential(backbone, nn.Linear(6, 3))
    optimizer = torch.optim.AdamW(network.parameters(), lr=1e-2, weight_decay=0.0)
    order = BatchOrder(90, 32, derive(given.seed, "supervised order"))
    network.train()
    for k in range(6):
        for group in optimizer.param_groups:
            group["lr"] = 1e-2 * (0.1 if k == 0 else 0.5 * (1 + math.cos(math.pi * (k - 1) / 6)))
        chosen = order.indices(k)
        optimizer.zero_grad()
        functional.cross_entropy(
            network(given.train.x[chosen]), torch.from_numpy(given.train.y[chosen])
        ).backward()
        optimizer.step()
    network.eval()
    with torch.no_grad():
        expected = network(given.test[np.arange(len(given.test))]).numpy()
    np.testing.assert_allclose(found.scores, expected, rtol=1e-3, atol=1e-4)


def test_the_start_is_not_touched_and_may_be_any_state() -> None:
    start = Mixing()
    before = {name: value.clone() for name, value in start.state_dict().items()}
    first = fit(task(), HOW)
    second = fit(task(), HOW)
    assert np.array_equal(first.scores, second.scores) and first.validation == second.validation
    assert all(torch.equal(value, before[name]) for name, value in start.state_dict().items())


def test_every_step_is_told_of() -> None:
    told: list[int] = []
    fit(task(), HOW, told.append)
    assert told == list(range(1, 21))


@pytest.mark.parametrize(
    ("steps", "checks", "expected"),
    [(20, 4, [5, 10, 15, 20]), (20, 1, [20]), (7, 3, [2, 4, 6, 7]), (3, 10, [1, 2, 3])],
)
def test_judged_so_often_and_at_the_end(
    monkeypatch: pytest.MonkeyPatch, steps: int, checks: int, expected: list[int]
) -> None:
    told, judged = [0], []
    real = label_training.balanced_accuracy

    def judge(scores: np.ndarray, labels: np.ndarray) -> float:
        judged.append(told[-1])
        return real(scores, labels)

    monkeypatch.setattr(label_training, "balanced_accuracy", judge)
    fit(task(), changed(steps=steps, checks=checks), told.append)
    assert judged == expected


@pytest.mark.parametrize(
    ("figures", "chosen"), [([0.5, 0.9, 0.7, 0.6], 2), ([0.9, 0.5, 0.9, 0.1], 3), ([0.2, 0.2, 0.2, 0.2], 4)]
)
def test_the_best_state_answers_of_equals_the_later(
    monkeypatch: pytest.MonkeyPatch, figures: list[float], chosen: int
) -> None:
    """Whatever validation says decides: the scores of the test part are those of that check's network."""
    states: list[np.ndarray] = []
    left = iter(figures)
    given = task()
    real = label_training.scores_of

    def spy(task_: Any, network: nn.Module, samples: Any, size: int = 256) -> np.ndarray:
        if samples is given.validation.x:
            states.append(real(task_, network, given.test))
            network.eval()
        return real(task_, network, samples, size)

    monkeypatch.setattr(label_training, "scores_of", spy)
    monkeypatch.setattr(label_training, "balanced_accuracy", lambda *_: next(left))
    found = fit(given, HOW)
    assert found.validation == max(figures)
    assert np.array_equal(found.scores, states[chosen - 1])


def test_augmented_training_sees_the_views_of_its_steps() -> None:
    seen: list[int] = []

    def views() -> Any:
        def view(raw: torch.Tensor, step: int) -> torch.Tensor:
            seen.append(step)
            return raw

        return view

    plain = fit(task(views=views), HOW)
    assert seen == []
    augmented = fit(task(views=views), changed(augmented=True))
    assert seen == list(range(20))
    assert np.array_equal(plain.scores, augmented.scores)  # views that change nothing


def test_fewer_labels_than_a_batch_make_a_smaller_one() -> None:
    x, y = blobs(5, 1)
    seen: list[int] = []

    def features(raw: torch.Tensor) -> torch.Tensor:
        seen.append(len(raw))
        return raw

    fit(task(train=Part(ArraySamples(x), y), features=features), changed(steps=4, checks=1))
    assert seen[:4] == [5, 5, 5, 5]


def test_what_diverges_at_once_is_said_and_later_the_best_before_stands() -> None:
    with pytest.raises(SSLKitError, match=r"diverged with the learning rate 1e\+30"):
        fit(task(), changed(learning_rate=1e30))
    steps = [0]

    def features(raw: torch.Tensor) -> torch.Tensor:
        steps[0] += 1
        return raw if steps[0] < 40 else raw * float("nan")

    found = fit(task(features=features), changed(steps=30, checks=30))
    assert np.isfinite(found.validation)


@pytest.mark.parametrize("channels_last", [True, False])
def test_channels_last_is_the_batches_and_the_weights_format(channels_last: bool) -> None:
    seen: list[bool] = []

    class Pictures(Mixing):
        def __init__(self) -> None:
            super().__init__()
            self.first = nn.Conv2d(2, 3, 3)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            if self.training:
                tensors = (x, self.first.weight)
                seen.extend(t.is_contiguous(memory_format=torch.channels_last) for t in tensors)
            return super().forward(self.first(x).mean((2, 3)).repeat(1, 2))

    x, y = np.random.default_rng(0).normal(size=(30, 2, 5, 5)).astype(np.float32), np.arange(30) % 3
    part = Part(ArraySamples(x), y)
    given = task(
        start=Pictures, train=part, validation=part, test=ArraySamples(x), channels_last=channels_last
    )
    fit(given, changed(steps=2))
    assert seen == [channels_last] * 4


@pytest.mark.parametrize("size", [1, 7, 600])
def test_scores_are_of_eval_mode_in_any_pieces(size: int) -> None:
    given, network = task(), nn.Sequential(Mixing(), nn.Dropout(0.9), nn.Linear(6, 3)).train()
    found = scores_of(given, network, given.test, size)
    assert found.shape == (600, 3) and not network.training
    with torch.no_grad():
        expected = network(given.test[np.arange(600)]).numpy()
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)
