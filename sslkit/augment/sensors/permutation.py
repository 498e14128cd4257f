"""Segments in another order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import torch
from torch import Tensor

from sslkit.augment.sensors.base import SensorAugmentation
from sslkit.hookspecs import hookimpl
from sslkit.types import Count

if TYPE_CHECKING:
    from sslkit.registry import Registry


class Permutation(SensorAugmentation):
    """The window cut into segments of random lengths, put together in a random order, all channels alike.

    Args:
        segments: the number of segments.
        min_length: the shortest segment, in samples.

    Source: Um et al. 2017.
    """

    neutral: ClassVar = {"segments": 1}

    def __init__(self, segments: Count = 4, min_length: Count = 10) -> None:
        self.segments, self.min_length = segments, min_length

    @classmethod
    def at_strength(cls, settings: Mapping[str, Any], strength: float) -> dict[str, Any]:
        """More segments are shorter ones: windows that were long enough stay so."""
        needed = settings["segments"] * settings["min_length"]
        segments = min(max(1, super().at_strength(settings, strength)["segments"]), needed)
        return {"segments": segments, "min_length": min(settings["min_length"], needed // segments)}

    def shortest(self) -> int:
        return self.segments * self.min_length

    def draw(self, batch: int, length: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Lengths of the segments ``(B, segments)`` in the window's order, and the order to put them in."""
        device = generator.device
        spare = length - self.shortest()
        cuts = torch.randint(spare + 1, (batch, self.segments - 1), generator=generator, device=device)
        cuts = torch.nn.functional.pad(cuts.sort(dim=1).values, (1, 0))
        lengths = torch.diff(cuts, dim=1, append=cuts.new_full((batch, 1), spare)) + self.min_length
        order = torch.rand(batch, self.segments, generator=generator, device=device).argsort(dim=1)
        return lengths, order

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        return permute(x, *self.draw(x.shape[0], x.shape[-1], generator))


def permute(x: Tensor, lengths: Tensor, order: Tensor) -> Tensor:
    """Put the segments of ``x`` (B, C, T), of the given lengths, in the given order (both (B, segments))."""
    batch, _, length = x.shape
    sources = (lengths.cumsum(1) - lengths).gather(1, order)
    moved = lengths.gather(1, order)
    places = moved.cumsum(1) - moved
    ends = torch.nn.functional.pad((sources + moved - 1)[:, :-1], (1, 0))
    steps = sources.new_ones(batch, length).scatter_(1, places, sources - ends)  # jumps between segments
    return x.gather(2, steps.cumsum_(1).unsqueeze(1).expand_as(x))


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("permutation", Permutation)
