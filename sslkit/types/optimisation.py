"""Optimisers and schedules."""

from __future__ import annotations

from typing import ClassVar

import torch
from torch import nn

from sslkit.types.basics import Component


class Optimizer(Component):
    """Settings of an optimiser and the way to make one.

    ``typical`` is the range in which its effective learning rate usually lies; outside it the user is warned.
    """

    kind = "optimizer"
    typical: ClassVar[tuple[float, float]]
    learning_rate: float

    def effective_learning_rate(self, batch_size: int) -> float:
        """The peak rate after scaling with the batch size."""
        raise NotImplementedError

    def build(self, module: nn.Module, batch_size: int) -> torch.optim.Optimizer:
        """An optimiser of the module's trainable parameters, biases and norms in a group of their own."""
        raise NotImplementedError


class Schedule(Component):
    """The learning rate's course."""

    kind = "schedule"

    def factor(self, step: int, total_steps: int) -> float:
        """What the peak rate is multiplied with at ``step`` (0-based, the step about to be taken)."""
        raise NotImplementedError
