"""Channels in another order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from einops import rearrange
from torch import Tensor

from sslkit.augment.sensors.base import SensorAugmentation
from sslkit.errors import SSLKitError
from sslkit.hookspecs import hookimpl
from sslkit.types import SampleSpec

if TYPE_CHECKING:
    from sslkit.registry import Registry


class ChannelShuffle(SensorAugmentation):
    """Channels in a random order, for half of the samples. In no recipe: most channels have a meaning of
    their own. Right where they are alike, as the strings of one panel field or the teeth of one gear are.

    Source: Tang et al. 2020.
    """

    p = 0.5

    def check(self, spec: SampleSpec) -> None:
        super().check(spec)
        if spec.shape[0] < 2:
            raise SSLKitError(
                "channel-shuffle needs at least 2 channels, these windows have 1. Leave it out."
            )

    def draw(self, batch: int, channels: int, generator: torch.Generator) -> Tensor:
        """Orders of the channels: int64 ``(B, C)``."""
        return torch.rand(batch, channels, generator=generator, device=generator.device).argsort(1)

    def __call__(self, x: Tensor, generator: torch.Generator) -> Tensor:
        """One pass for all, half of the time of taking the chosen samples out and back."""
        chosen = torch.rand(len(x), 1, generator=generator, device=x.device) < self.p
        order = self.draw(x.shape[0], x.shape[1], generator)
        return shuffle_channels(x, torch.where(chosen, order, torch.arange(x.shape[1], device=x.device)))

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        return shuffle_channels(x, self.draw(x.shape[0], x.shape[1], generator))


def shuffle_channels(x: Tensor, order: Tensor) -> Tensor:
    """Channels of ``x`` (B, C, T) in the order ``order`` (B, C)."""
    first = torch.arange(0, order.numel(), order.shape[1], device=x.device)
    rows = order + rearrange(first, "b -> b 1")
    shuffled = rearrange(x, "b c t -> (b c) t").index_select(0, rearrange(rows, "b c -> (b c)"))
    return rearrange(shuffled, "(b c) t -> b c t", b=len(x))


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("channel-shuffle", ChannelShuffle)
