"""Slower sensors."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from torch import Tensor

from sslkit.augment.sensors.spectrum import PassFilter
from sslkit.hookspecs import hookimpl
from sslkit.types import Probability

if TYPE_CHECKING:
    from sslkit.registry import Registry


class LowPass(PassFilter):
    """Frequencies above a random limit removed from all channels, as a slower sensor would do.

    Args:
        cutoff: the limit as a fraction of half the sampling rate, uniform in this range; 1 changes nothing.

    Raises:
        SSLKitError: a range that is not within 0…1.
    """

    neutral: ClassVar = {"cutoff": (1.0, 1.0)}

    def __init__(self, cutoff: tuple[Probability, Probability] = (0.2, 0.9)) -> None:
        super().__init__(cutoff)

    def passed(self, frequencies: Tensor, cutoffs: Tensor) -> Tensor:
        return frequencies <= cutoffs


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("low-pass", LowPass)
