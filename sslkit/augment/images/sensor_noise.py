"""The camera's own noise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor

from sslkit.augment.images.base import ImageAugmentation
from sslkit.hookspecs import hookimpl
from sslkit.types import Probability

if TYPE_CHECKING:
    from sslkit.registry import Registry


class SensorNoise(ImageAugmentation):
    """Shot noise, which grows with the root of the light, and read noise, the same everywhere.

    v → v + n·√(shot²·v + read²) with n of N(0, 1) per value, cut to 0…1. Each image has levels of its
    own, uniform from 0 to the settings. A pixel that holds 10,000 electrons at white has a shot noise of
    0.01; 4-fold gain doubles it.

    Args:
        shot: the largest standard deviation of the shot noise at white.
        read: the largest standard deviation of the read noise.

    Source: the photon transfer model (Janesick 2007; EMVA standard 1288).
    """

    neutral = {"shot": 0.0, "read": 0.0}  # noqa: RUF012

    def __init__(self, shot: Probability = 0.05, read: Probability = 0.02) -> None:
        self.shot, self.read = shot, read

    def draw(self, batch: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Levels of shot and of read noise, both ``(B, 1, 1, 1)``."""
        levels = torch.rand(2, batch, 1, 1, 1, generator=generator, device=generator.device)
        return levels[0] * self.shot, levels[1] * self.read

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        shot, read = self.draw(len(x), generator)
        deviation = (x * shot.square()).add_(read.square()).sqrt_()
        noise = torch.randn(x.shape, generator=generator, device=x.device)
        return noise.mul_(deviation).add_(x).clamp_(0, 1).to(x.dtype)


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("sensor-noise", SensorNoise)
