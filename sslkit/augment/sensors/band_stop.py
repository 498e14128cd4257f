"""A missing band of frequencies."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import torch
from torch import Tensor

from sslkit.augment.draws import check_range, uniform
from sslkit.augment.sensors.base import SensorAugmentation
from sslkit.augment.sensors.spectrum import filter_spectrum, nyquist_fractions
from sslkit.hookspecs import hookimpl
from sslkit.types import Probability

if TYPE_CHECKING:
    from sslkit.registry import Registry


class BandStop(SensorAugmentation):
    """A random band of frequencies removed from all channels; the constant part always stays.

    Args:
        width: the band's width as a fraction of half the sampling rate, uniform in this range.

    Raises:
        SSLKitError: a range that is not within 0…1.
    """

    neutral: ClassVar = {"width": (0.0, 0.0)}

    def __init__(self, width: tuple[Probability, Probability] = (0.05, 0.25)) -> None:
        check_range("band-stop: width", width, 0.0, 1.0)
        self.width = width

    def shortest(self) -> int:
        return 4

    def draw(self, batch: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Lower and upper ends of the bands ``(B,)``, fractions of half the sampling rate."""
        widths = uniform(batch, *self.width, generator)
        lows = uniform(batch, 0.0, 1.0, generator) * (1 - widths)
        return lows, lows + widths

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        return stop_band(x, *self.draw(x.shape[0], generator))


def stop_band(x: Tensor, lows: Tensor, highs: Tensor) -> Tensor:
    """``x`` (B, C, T) without the frequencies in [low, high)."""
    frequencies = nyquist_fractions(x.shape[-1], x.device)
    passed = (frequencies < lows[:, None]) | (frequencies >= highs[:, None]) | (frequencies == 0)
    return filter_spectrum(x, passed)


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("band-stop", BandStop)
