"""Muffled sound."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor

from sslkit.augment.audio.filters import CutoffFilter, butterworth, filter_waveform, frequencies
from sslkit.hookspecs import hookimpl
from sslkit.types import Positive

if TYPE_CHECKING:
    from sslkit.registry import Registry


class WaveformLowPass(CutoffFilter):
    """Waveforms without the frequencies above a random limit, as behind a door.

    The filter has a Butterworth filter's amplitudes (order 4: -3 dB at the limit, 24 dB an octave above)
    and no delay; it works on the clip as if it were periodic. Limits are drawn uniformly on the mel scale.

    Args:
        cutoff: limits in Hz.

    Raises:
        SSLKitError: limits that are not in order, or data that do not say their rate.

    Source: torch-audiomentations' ``LowPassFilter``.
    """

    def __init__(self, cutoff: tuple[Positive, Positive] = (150.0, 7500.0)) -> None:
        super().__init__(cutoff)

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        return low_pass(x, self.draw(x.shape[0], generator), self.rate_hz)


def low_pass(x: Tensor, cutoffs: Tensor, rate_hz: float) -> Tensor:
    """``x`` (B, T) low-passed at ``cutoffs`` (B,) Hz."""
    return filter_waveform(x, butterworth(frequencies(x, rate_hz) / cutoffs[:, None]))


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("waveform-low-pass", WaveformLowPass)
