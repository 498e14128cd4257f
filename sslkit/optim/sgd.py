"""SGD with momentum."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import torch
from pydantic import Field
from torch import nn

from sslkit.errors import SSLKitError
from sslkit.hookspecs import hookimpl
from sslkit.optim.groups import BatchScaling, can_fuse, scaled_learning_rate, split_parameters
from sslkit.types import NonNegative, Optimizer, Positive

if TYPE_CHECKING:
    from sslkit.registry import Registry


class SGDOptimizer(Optimizer):
    """Gradient descent with momentum, fused where the device can; biases and norms are not decayed.

    Args:
        learning_rate: peak rate, scaled with the batch: 0.05 per 256 samples (SimSiam's, arXiv 2011.10566).
        batch_scaling: ``linear`` rate·B/256; ``sqrt`` rate·√B; ``none`` the rate itself.
        weight_decay: added to the gradient.
        momentum: 0 is plain gradient descent.
        nesterov: look ahead by one momentum step; needs momentum.

    Raises:
        SSLKitError: ``nesterov`` without momentum.
    """

    typical = (1e-3, 5.0)

    def __init__(
        self,
        learning_rate: Positive = 0.05,
        batch_scaling: BatchScaling = "linear",
        weight_decay: NonNegative = 1e-4,
        momentum: Annotated[float, Field(ge=0, lt=1)] = 0.9,
        nesterov: bool = False,
    ) -> None:
        if nesterov and momentum == 0:
            raise SSLKitError(
                "sgd: nesterov looks ahead along the momentum, which is 0: set momentum, e.g. 0.9."
            )
        self.learning_rate, self.batch_scaling = learning_rate, batch_scaling
        self.weight_decay, self.momentum, self.nesterov = weight_decay, momentum, nesterov

    def effective_learning_rate(self, batch_size: int) -> float:
        """The peak rate for ``batch_size`` samples per optimiser step."""
        return scaled_learning_rate(self.learning_rate, batch_size, self.batch_scaling)

    def build(self, module: nn.Module, batch_size: int) -> torch.optim.SGD:
        """SGD over the module's trainable parameters, at the peak rate."""
        decayed, exempt = split_parameters(module)
        groups = [
            {"params": decayed, "weight_decay": self.weight_decay},
            {"params": exempt, "weight_decay": 0.0},
        ]
        return torch.optim.SGD(
            groups,
            lr=self.effective_learning_rate(batch_size),
            momentum=self.momentum,
            nesterov=self.nesterov,
            fused=can_fuse([*decayed, *exempt]),
        )


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("sgd", SGDOptimizer)
