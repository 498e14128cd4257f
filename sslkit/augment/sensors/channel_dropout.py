"""Lost channels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor

from sslkit.augment.sensors.base import SensorAugmentation
from sslkit.errors import SSLKitError
from sslkit.hookspecs import hookimpl
from sslkit.types import Probability, SampleSpec

if TYPE_CHECKING:
    from sslkit.registry import Registry


class ChannelDropout(SensorAugmentation):
    """Random channels set to 0, which is the mean, as if their sensor had failed; one channel always stays.

    Args:
        rate: the probability of each channel of each sample.
    """

    def __init__(self, rate: Probability = 0.2) -> None:
        self.rate = rate

    def check(self, spec: SampleSpec) -> None:
        super().check(spec)
        if spec.shape[0] < 2:
            raise SSLKitError(
                "channel-dropout needs at least 2 channels, these windows have 1. Leave it out."
            )

    def draw(self, batch: int, channels: int, generator: torch.Generator) -> Tensor:
        """Which channels to keep: bool ``(B, C)``."""
        chance = torch.rand(batch, channels, generator=generator, device=generator.device)
        return (chance >= self.rate).scatter_(1, chance.argmax(1, keepdim=True), True)

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        return x * self.draw(x.shape[0], x.shape[1], generator).unsqueeze(-1).to(x.dtype)


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("channel-dropout", ChannelDropout)
