"""How a run trains, besides its networks and its data."""

from __future__ import annotations

from dataclasses import dataclass

from sslkit.types import Precision


@dataclass(frozen=True)
class TrainingPlan:
    """What the trainer holds to from the first step to the last; all of it shapes the weights.

    Attributes:
        total_steps: the budget, in optimiser steps.
        seed: of everything drawn in the networks (dropout).
        accumulate: pieces that a batch is cut into; each is a forward and backward of its own.
        clip_norm: largest gradient norm, or None.
        precision: of the forward pass, ``fp32`` or ``bf16``.
        channels_last: views are put into that memory format; for samples of three axes only.
    """

    total_steps: int
    seed: int
    accumulate: int = 1
    clip_norm: float | None = None
    precision: Precision = "fp32"
    channels_last: bool = False
