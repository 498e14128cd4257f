"""Linear warm-up, then half a cosine."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sslkit.hookspecs import hookimpl
from sslkit.types import Probability, Schedule

if TYPE_CHECKING:
    from sslkit.registry import Registry


class WarmupCosine(Schedule):
    """Linear warm-up from 0 to the peak rate, then half a cosine down, as BYOL and SimCLR have it.

    With w warm-up steps of K, step k (from 0) has the factor k/w while k < w, then
    final + (1 - final)·(1 + cos(π(k - w)/(K - w)))/2. As in both papers' code, a warm-up's step 0 has rate 0.

    Args:
        warmup: share of all steps, rounded to whole steps. The papers warm up for 10 epochs of 100…1000.
        final_factor: the share of the peak rate that is left after the last step.

    Source: SGDR, arXiv 1608.03983; SimCLR, arXiv 2002.05709, section 2.2; BYOL, arXiv 2006.07733.
    """

    def __init__(self, warmup: Probability = 0.1, final_factor: Probability = 0.0) -> None:
        self.warmup, self.final_factor = warmup, final_factor

    def factor(self, step: int, total_steps: int) -> float:
        """What the peak rate is multiplied with at ``step`` (0-based)."""
        warmup_steps = round(self.warmup * total_steps)
        if step < warmup_steps:
            return step / warmup_steps
        if step >= total_steps:
            return self.final_factor
        course = 0.5 * (1.0 + math.cos(math.pi * (step - warmup_steps) / (total_steps - warmup_steps)))
        return self.final_factor + (1.0 - self.final_factor) * course


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("warmup-cosine", WarmupCosine)
