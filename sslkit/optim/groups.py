"""What the optimisers share: which parameters are decayed, how the rate grows with the batch."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Literal

from torch import nn
from torch.nn import Parameter

from sslkit.errors import SSLKitError

BatchScaling = Literal["linear", "sqrt", "none"]

NORMS = (
    nn.modules.batchnorm._NormBase,  # BatchNorm, SyncBatchNorm and InstanceNorm of any dimension
    nn.GroupNorm,
    nn.LayerNorm,
    nn.RMSNorm,
)


def split_parameters(module: nn.Module) -> tuple[list[Parameter], list[Parameter]]:
    """Trainable parameters that are decayed, and those that are not: biases, norms' parameters, vectors.

    A parameter that two modules share is listed once.

    Raises:
        SSLKitError: nothing is trainable.
    """
    of_norms = {
        id(parameter)
        for part in module.modules()
        if isinstance(part, NORMS)
        for parameter in part.parameters(recurse=False)
    }
    decayed: list[Parameter] = []
    exempt: list[Parameter] = []
    for name, parameter in module.named_parameters():
        if parameter.requires_grad:
            is_bias = "bias" in name.rpartition(".")[2]
            is_exempt = is_bias or parameter.ndim <= 1 or id(parameter) in of_norms
            (exempt if is_exempt else decayed).append(parameter)
    if not decayed and not exempt:
        raise SSLKitError("the network has no trainable parameter, so there is nothing to optimise.")
    return decayed, exempt


def scaled_learning_rate(learning_rate: float, batch_size: int, scaling: BatchScaling) -> float:
    """The peak rate for a batch: ``linear`` rate·B/256, ``sqrt`` rate·√B, ``none`` the rate itself.

    ``batch_size`` counts the samples of one optimiser step, over all processes and accumulated micro-batches.
    """
    if scaling == "linear":
        return learning_rate * batch_size / 256
    return learning_rate * math.sqrt(batch_size) if scaling == "sqrt" else learning_rate


def can_fuse(parameters: Iterable[Parameter]) -> bool:
    """Whether torch's fused optimisers take these parameters: all floating point, on a CPU or CUDA device."""
    return all(p.is_floating_point() and p.device.type in ("cpu", "cuda") for p in parameters)
