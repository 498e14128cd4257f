"""Fine-tuning: a problem with a known answer, the same bits again, and nothing seen that it may not see."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from sslkit.data.samples import ArraySamples
from sslkit.errors import SSLKitError
from sslkit.evaluation.metrics import accuracy
from sslkit.finetuning.fine_tune import FineTune
from sslkit.finetuning.label_training import LabelTraining, fit
from sslkit.types import Backbone, LabelTask, Part


class Mixing(Backbone):
    """Two linear layers: the problem is linear, but not along single features."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(3)
        self.one = nn.Sequential(nn.Linear(6, 6, bias=False), nn.BatchNorm1d(6))
        self.two = nn.Linear(6, 6)
        nn.init.orthogonal_(self.one[0].weight)
        nn.init.orthogonal_(self.two.weight)
        self.out_dim = 6

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.two(self.one(x))


def blobs(n: int, seed: int, noise: float = 0.9) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    y = np.arange(n) % 3
    centres = np.random.default_rng(0).normal(size=(3, 6))
    return (centres[y] + noise * random.normal(size=(n, 6))).astype(np.float32), y


def task(**changes: Any) -> LabelTask:
    (train, y), (validation, y_validation), (test, _) = blobs(90, 1), blobs(60, 2), blobs(600, 3)
    start = Mixing()
    content: dict[str, Any] = {
        "start": lambda: copy.deepcopy(start),
        "train": Part(ArraySamples(train), y),
        "validation": Part(ArraySamples(validation), y_validation),
        "test": ArraySamples(test),
        "features": lambda raw: raw,
        "views": lambda: lambda raw, step: raw * (1 + 0.01 * step % 3),
        "n_classes": 3,
        "seed": 0,
        "draw": 0,
        "device": torch.device("cpu"),
    }
    return LabelTask(**{**content, **changes})


def test_a_frozen_backbone_comes_to_logistic_regression() -> None:
    """scikit-learn's answer on the same frozen features, without regularisation."""
    from sklearn.linear_model import LogisticRegression

    (x, y), (test, _) = (
        blobs(300, 1, noise=2.0),
        blobs(600, 3, noise=2.0),
    )  # they overlap: the optimum is finite
    how = LabelTraining(600, 0.1, 0.0, batch_size=300, checks=1, policy="frozen")
    scores = fit(task(train=Part(ArraySamples(x), y), test=ArraySamples(test)), how).scores
    backbone = Mixing().eval()
    with torch.no_grad():
        features, asked = (backbone(torch.from_numpy(some)).numpy() for some in (x, test))
    model = LogisticRegression(C=np.inf, max_iter=5000, tol=1e-8).fit(features, y)
    own = torch.softmax(torch.from_numpy(scores), 1).numpy()
    np.testing.assert_allclose(own, model.predict_proba(asked), atol=2e-3)


@pytest.mark.parametrize("policy", ["frozen", "last-block", "gradual", "all"])
def test_every_policy_learns_and_repeats_itself(policy: str) -> None:
    one = FineTune(policy, steps=120, learning_rate=0.03)  # type: ignore[arg-type]
    scores = one.predict(task())
    assert accuracy(scores, blobs(600, 3)[1]) > 0.75
    assert np.array_equal(scores, one.predict(task()))


def test_policies_differ() -> None:
    found = [
        FineTune(policy, steps=20).predict(task()) for policy in ("frozen", "last-block", "gradual", "all")
    ]  # type: ignore[arg-type]
    assert all(not np.allclose(a, b) for place, a in enumerate(found) for b in found[:place])


def test_the_best_state_on_validation_answers() -> None:
    """With validation labels turned round the choice falls on the state that is worst by the true ones."""
    how = LabelTraining(40, 0.003, 0.0, 32, checks=10)
    honest = task()
    turned = task(validation=Part(honest.validation.x, (honest.validation.y + 1) % 3))
    truth = blobs(600, 3)[1]
    assert accuracy(fit(honest, how).scores, truth) > accuracy(fit(turned, how).scores, truth)


def test_several_rates_are_tried_and_the_best_on_validation_taken() -> None:
    rates = FineTune(steps=10, learning_rate=(1e-6, 0.02))
    assert np.array_equal(rates.predict(task()), FineTune(steps=10, learning_rate=0.02).predict(task()))
    assert [how.learning_rate for how in rates.trials] == [1e-6, 1e-6, 0.02, 0.02]


def test_the_backbone_that_it_starts_from_is_not_touched() -> None:
    kept = Mixing()
    before = {name: tensor.clone() for name, tensor in kept.state_dict().items()}
    FineTune(steps=5).predict(task(start=lambda: copy.deepcopy(kept)))
    assert all(torch.equal(tensor, before[name]) for name, tensor in kept.state_dict().items())


def test_bad_input() -> None:
    with pytest.raises(SSLKitError, match="fine-tune: 'learning_rate' is empty"):
        FineTune(learning_rate=())
    with pytest.raises(SSLKitError, match=r"diverged with the learning rate 1e\+30: .*lower learning_rate"):
        FineTune(steps=5, learning_rate=1e30, checks=1).predict(task())
