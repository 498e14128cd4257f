"""Adam with decoupled weight decay."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import torch
from pydantic import Field
from torch import nn

from sslkit.hookspecs import hookimpl
from sslkit.optim.groups import BatchScaling, can_fuse, scaled_learning_rate, split_parameters
from sslkit.types import NonNegative, Optimizer, Positive

if TYPE_CHECKING:
    from sslkit.registry import Registry

Beta = Annotated[float, Field(ge=0, lt=1)]


class AdamWOptimizer(Optimizer):
    """Adam with decoupled weight decay, fused where the device can; biases and norms are not decayed.

    Args:
        learning_rate: peak rate; 1e-3 whatever the batch unless ``batch_scaling`` says otherwise. Rates meant
            for LARS (0.2 and more) make BYOL collapse here.
        batch_scaling: ``none`` the rate itself; ``linear`` rate·B/256; ``sqrt`` rate·√B.
        weight_decay: share of a parameter that is taken away per step, times the learning rate.
        betas: decay of the running means of the gradient and of its square.

    Source: Loshchilov & Hutter 2019, arXiv 1711.05101.
    """

    typical = (1e-6, 1e-2)

    def __init__(
        self,
        learning_rate: Positive = 1e-3,
        batch_scaling: BatchScaling = "none",
        weight_decay: NonNegative = 1e-2,
        betas: tuple[Beta, Beta] = (0.9, 0.999),
    ) -> None:
        self.learning_rate, self.batch_scaling = learning_rate, batch_scaling
        self.weight_decay, self.betas = weight_decay, betas

    def effective_learning_rate(self, batch_size: int) -> float:
        """The peak rate for ``batch_size`` samples per optimiser step."""
        return scaled_learning_rate(self.learning_rate, batch_size, self.batch_scaling)

    def build(self, module: nn.Module, batch_size: int) -> torch.optim.AdamW:
        """AdamW over the module's trainable parameters, at the peak rate."""
        decayed, exempt = split_parameters(module)
        groups = [
            {"params": decayed, "weight_decay": self.weight_decay},
            {"params": exempt, "weight_decay": 0.0},
        ]
        return torch.optim.AdamW(
            groups,
            lr=self.effective_learning_rate(batch_size),
            betas=self.betas,
            fused=can_fuse([*decayed, *exempt]),
        )


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("adamw", AdamWOptimizer)
