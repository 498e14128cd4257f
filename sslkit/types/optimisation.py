"""Optimisers and schedules."""

from __future__ import annotations

from typing import ClassVar

import torch
from torch import nn

from sslkit.types.basics import Component


class Optimizer(Component):
    """Settings of an optimiser and the way to make one.

    ``typical`` is the range in which its effective learning rate usually lies; outside it the user is warned.

    >>> import torch
    >>> import sslkit
    >>> class Plain(sslkit.Optimizer):
    ...     "Gradient descent, its rate in proportion to the batch."
    ...     typical = (1e-3, 1.0)
    ...     def __init__(self, learning_rate: sslkit.Positive = 0.1) -> None:
    ...         self.learning_rate = learning_rate
    ...     def effective_learning_rate(self, batch_size):
    ...         return self.learning_rate * batch_size / 256
    ...     def build(self, module, batch_size):
    ...         return torch.optim.SGD(module.parameters(), self.effective_learning_rate(batch_size))
    >>> Plain().build(torch.nn.Linear(2, 2), batch_size=512).param_groups[0]["lr"]
    0.2
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
    """The learning rate's course.

    >>> import sslkit
    >>> class Stairs(sslkit.Schedule):
    ...     "Half the rate in the second half."
    ...     def factor(self, step, total_steps):
    ...         return 1.0 if step < total_steps / 2 else 0.5
    >>> [Stairs().factor(step, total_steps=4) for step in range(4)]
    [1.0, 1.0, 0.5, 0.5]
    """

    kind = "schedule"

    def factor(self, step: int, total_steps: int) -> float:
        """What the peak rate is multiplied with at ``step`` (0-based, the step about to be taken)."""
        raise NotImplementedError
