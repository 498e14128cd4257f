"""Slower sensors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor

from sslkit.augment.sensors.base import SensorAugmentation
from sslkit.augment.sensors.draws import check_range, uniform
from sslkit.augment.sensors.spectrum import filter_spectrum, nyquist_fractions
from sslkit.hookspecs import hookimpl

if TYPE_CHECKING:
    from sslkit.registry import Registry


class LowPass(SensorAugmentation):
    """Frequencies above a random limit removed from all channels, as a slower sensor would do.

    Args:
        cutoff: the limit as a fraction of half the sampling rate, uniform in this range.

    Raises:
        SSLKitError: a range that is not within 0…1.
    """

    def __init__(self, cutoff: tuple[float, float] = (0.2, 0.9)) -> None:
        check_range("low-pass: cutoff", cutoff, 0.0, 1.0)
        self.cutoff = cutoff

    def shortest(self) -> int:
        return 4

    def draw(self, batch: int, generator: torch.Generator) -> Tensor:
        """Limits ``(B,)``, fractions of half the sampling rate."""
        return uniform(batch, *self.cutoff, generator)

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        return keep_low(x, self.draw(x.shape[0], generator))


def keep_low(x: Tensor, cutoffs: Tensor) -> Tensor:
    """``x`` (B, C, T) without the frequencies above ``cutoffs`` (B,)."""
    return filter_spectrum(x, nyquist_fractions(x.shape[-1], x.device) <= cutoffs[:, None])


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("low-pass", LowPass)
