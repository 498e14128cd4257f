"""Another beginning."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import torch
from einops import rearrange
from torch import Tensor

from sslkit.augment.draws import uniform
from sslkit.hookspecs import hookimpl
from sslkit.types import Augmentation, Probability

if TYPE_CHECKING:
    from sslkit.registry import Registry


class TimeShift(Augmentation):
    """Sensor windows or waveforms moved in time; what leaves at one end comes in at the other.

    Shifts are whole samples and the same for all channels.

    Args:
        fraction: shifts are uniform in ±fraction of the window's length.

    Source: torch-audiomentations' ``Shift`` with rollover.
    """

    modalities = ("sensor", "audio")
    neutral: ClassVar = {"fraction": 0.0}

    def __init__(self, fraction: Probability = 0.5) -> None:
        self.fraction = fraction

    def draw(self, batch: int, length: int, generator: torch.Generator) -> Tensor:
        """Shifts ``(B,)`` in whole samples, later in time where positive."""
        limit = self.fraction * length
        return uniform(batch, -limit, limit, generator).round().long()

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        return shift(x, self.draw(x.shape[0], x.shape[-1], generator))


def shift(x: Tensor, shifts: Tensor) -> Tensor:
    """``x`` (B, …, T) rolled by ``shifts`` (B,): stretches of two copies end to end."""
    length = x.shape[-1]
    twice = rearrange(torch.cat([x, x], dim=-1), "b ... t -> b (...) t")
    first = torch.arange(0, twice.numel(), 2 * length, device=x.device)
    starts = rearrange(first, "(b c) -> b c", b=len(x)) + rearrange((-shifts) % length, "b -> b 1")
    stretches = rearrange(twice, "b c t -> (b c t)").unfold(0, length, 1)
    return stretches.index_select(0, rearrange(starts, "b c -> (b c)")).view(x.shape)


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("time-shift", TimeShift)
