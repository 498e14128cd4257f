"""Lost channels."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import torch
from torch import Tensor

from sslkit.augment.sensors.base import SensorAugmentation
from sslkit.augment.sensors.channels import ChannelGroups
from sslkit.errors import SSLKitError
from sslkit.hookspecs import hookimpl
from sslkit.types import Probability, SampleSpec

if TYPE_CHECKING:
    from sslkit.registry import Registry


class ChannelDropout(SensorAugmentation):
    """Missing channels: random ones set to 0, which is the mean, as if their sensor had failed.

    Not everything fails: where all channels of a sample would go, one channel or group stays.

    Args:
        rate: the probability of each channel, or group, of each sample.
        groups: channels (names or indices) that fail together, e.g. ``[[ax, ay, az], [gx, gy, gz]]``; others
            never fail. Without it every channel fails by itself.

    Raises:
        SSLKitError: groups that overlap, name missing channels or leave nothing; windows of one channel.
    """

    neutral: ClassVar = {"rate": 0.0}

    def __init__(self, rate: Probability = 0.2, groups: list[list[int | str]] | None = None) -> None:
        self.rate = rate
        self._groups = None if groups is None else ChannelGroups("channel-dropout", groups)

    def check(self, spec: SampleSpec) -> None:
        super().check(spec)
        if spec.shape[0] < 2:
            raise SSLKitError(
                "channel-dropout needs at least 2 channels, these windows have 1. Leave it out."
            )
        if self._groups is not None and len(self._groups.resolve(spec)[0]) == spec.shape[0]:
            raise SSLKitError(
                "channel-dropout: the only group holds all channels, so that it could never fail. Name smaller groups."
            )

    def draw(self, batch: int, channels: int, generator: torch.Generator) -> Tensor:
        """Which channels to keep: bool ``(B, C)``."""
        groups = (
            [[index] for index in range(channels)] if self._groups is None else self._groups.indices(channels)
        )
        chance = torch.rand(batch, len(groups), generator=generator, device=generator.device)
        kept = chance >= self.rate
        if sum(map(len, groups)) == channels:
            kept = kept.scatter_(1, chance.argmax(1, keepdim=True), True)
        if self._groups is None:
            return kept
        result = kept.new_ones(batch, channels)
        for number, group in enumerate(groups):
            result[:, group] = kept[:, number, None]
        return result

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        return x * self.draw(x.shape[0], x.shape[1], generator).unsqueeze(-1).to(x.dtype)


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("channel-dropout", ChannelDropout)
