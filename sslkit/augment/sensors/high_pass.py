"""No drift and no constant part."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from torch import Tensor

from sslkit.augment.sensors.spectrum import PassFilter
from sslkit.hookspecs import hookimpl
from sslkit.types import Probability

if TYPE_CHECKING:
    from sslkit.registry import Registry


class HighPass(PassFilter):
    """Frequencies below a random limit removed from all channels, the constant part too.

    What is left of a window swings around 0; drift and posture are gone.

    Args:
        cutoff: the limit as a fraction of half the sampling rate, uniform in this range; 0 changes nothing.

    Raises:
        SSLKitError: a range that is not within 0…1.
    """

    neutral: ClassVar = {"cutoff": (0.0, 0.0)}

    def __init__(self, cutoff: tuple[Probability, Probability] = (0.01, 0.1)) -> None:
        super().__init__(cutoff)

    def passed(self, frequencies: Tensor, cutoffs: Tensor) -> Tensor:
        return frequencies >= cutoffs


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("high-pass", HighPass)
