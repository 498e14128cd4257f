"""A trainer of a few numbers, without data files: steps take a millisecond."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from sslkit.augment.views import Pipeline, Views
from sslkit.data.loader import BatchOrder, Loader
from sslkit.data.samples import ArraySamples
from sslkit.optim.constant import Constant
from sslkit.training.callbacks.base import BaseCallback
from sslkit.training.checkpoint import Checkpointing
from sslkit.training.plan import TrainingPlan
from sslkit.training.trainer import Callback, Trainer
from sslkit.types import Backbone, Objective, SampleSpec

SAMPLES, BATCH = 12, 4
SPEC = SampleSpec("sensor", (2, 3))


class ToyBackbone(Backbone):
    """A linear map with dropout, so that a run depends on the network's random numbers."""

    def __init__(self) -> None:
        super().__init__()
        self.linear, self.dropout, self.out_dim = nn.Linear(6, 2), nn.Dropout(0.5), 2

    def forward(self, x: Tensor) -> Tensor:
        return self.dropout(self.linear(x.flatten(1)))


class Toy(Objective):
    """Pulls features to 1; logs how often it was told of a step."""

    def __init__(self) -> None:
        super().__init__()
        self.backbone, self.told = ToyBackbone(), 0

    def forward(self, views: Sequence[Tensor]) -> dict[str, Tensor]:
        features = torch.cat([self.backbone(view) for view in views])
        return {"loss": (features - 1).square().mean(), "largest": features.max()}

    def after_step(self, progress: float) -> dict[str, float]:
        self.told += 1
        return {"progress": progress}


class Do(BaseCallback):
    """Calls a function after each step."""

    def __init__(self, what: Any) -> None:
        self.what = what

    def on_step(self, trainer: Trainer, logs: dict[str, Tensor | float]) -> None:
        self.what(trainer)


def toy_trainer(
    steps: int = 6,
    path: Path | None = None,
    callbacks: Sequence[Callback] = (),
    identity: str = "this run",
    seconds: float = 0.0,
    **plan: Any,
) -> Trainer:
    """A new trainer; the same arguments give the same bits."""
    torch.manual_seed(0)
    objective = Toy()
    x = np.random.default_rng(0).normal(size=(SAMPLES, *SPEC.shape)).astype(np.float32)
    return Trainer(
        objective,
        torch.optim.AdamW(objective.parameters(), lr=0.1),
        Constant(),
        Views([Pipeline([])], 2, SPEC, None),
        Loader(ArraySamples(x), BatchOrder(SAMPLES, BATCH, 0), torch.device("cpu")),
        TrainingPlan(steps, seed=0, **plan),
        Checkpointing(path, identity, seconds) if path else None,
        callbacks,
    )
