"""Sensor noise."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import torch
from torch import Tensor

from sslkit.augment.sensors.base import SensorAugmentation
from sslkit.hookspecs import hookimpl
from sslkit.types import NonNegative

if TYPE_CHECKING:
    from sslkit.registry import Registry


class Jitter(SensorAugmentation):
    """White Gaussian noise on every value of a sensor window, as a sensor's own noise is.

    Args:
        sigma: the noise's standard deviation, in units of the channel's.

    Source: Um et al. 2017; Tang et al. 2020.
    """

    neutral: ClassVar = {"sigma": 0.0}

    def __init__(self, sigma: NonNegative = 0.05) -> None:
        self.sigma = sigma

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        noise = torch.randn(x.shape, generator=generator, device=x.device, dtype=x.dtype)
        return torch.add(x, noise, alpha=self.sigma)


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("jitter", Jitter)
