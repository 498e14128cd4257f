"""No drift and no constant part."""

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


class HighPass(SensorAugmentation):
    """Frequencies below a random limit removed from all channels, the constant part too.

    What is left of a window swings around 0; drift and posture are gone.

    Args:
        cutoff: the limit as a fraction of half the sampling rate, uniform in this range.

    Raises:
        SSLKitError: a range that is not within 0…1.
    """

    def __init__(self, cutoff: tuple[float, float] = (0.01, 0.1)) -> None:
        check_range("high-pass: cutoff", cutoff, 0.0, 1.0)
        self.cutoff = cutoff

    def shortest(self) -> int:
        return 4

    def draw(self, batch: int, generator: torch.Generator) -> Tensor:
        """Limits ``(B,)``, fractions of half the sampling rate."""
        return uniform(batch, *self.cutoff, generator)

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        return keep_high(x, self.draw(x.shape[0], generator))


def keep_high(x: Tensor, cutoffs: Tensor) -> Tensor:
    """``x`` (B, C, T) without the frequencies below ``cutoffs`` (B,)."""
    return filter_spectrum(x, nyquist_fractions(x.shape[-1], x.device) >= cutoffs[:, None])


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("high-pass", HighPass)
