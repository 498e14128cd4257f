"""The slowly moving target: an exponential moving average (EMA) of the online network's parameters."""

from __future__ import annotations

import copy
import math
from typing import TypeVar

import torch
from torch import Tensor, nn

Network = TypeVar("Network", bound=nn.Module)


def cosine_momentum(initial: float, progress: float) -> float:
    """The target's momentum τ = 1 - (1 - τ₀)·(1 + cos(πk/K))/2: from τ₀ at the start to 1 at the end.

    Args:
        initial: τ₀.
        progress: k/K, the optimiser steps done over all steps, in 0…1.

    Source: BYOL (arXiv 2006.07733), section 3.3. The paper's k is "the current training step"; here the
    first update has k = 1, as ``Objective.after_step`` counts steps done. DeepMind's code counts from 0, one
    step behind: τ differs by at most (1 - τ₀)·π/2K.
    """
    return 1.0 - (1.0 - initial) * 0.5 * (1.0 + math.cos(math.pi * progress))


def frozen_copy(network: Network) -> Network:
    """A deep copy that takes no gradients: parameters and buffers are its own."""
    return copy.deepcopy(network).requires_grad_(False)


@torch.no_grad()
def update_target(target: nn.Module, online: nn.Module, momentum: float) -> None:
    """target ← τ·target + (1 - τ)·online, in place, over *parameters* only.

    Buffers are left alone: a target has batch statistics of its own, and an average would round integer
    counters to 0.
    """
    moving: list[Tensor] = list(target.parameters())
    source: list[Tensor] = list(online.parameters())
    if moving:
        torch._foreach_lerp_(moving, source, 1.0 - momentum)
