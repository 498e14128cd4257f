"""A missing band."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor

from sslkit.augment.audio.filters import BandFilter, band, butterworth, filter_waveform
from sslkit.hookspecs import hookimpl

if TYPE_CHECKING:
    from sslkit.registry import Registry


class WaveformBandStop(BandFilter):
    """Waveforms without a random band of frequencies.

    The filter has a Butterworth filter's amplitudes (order 4 on each side, -3 dB at the band's ends) and no
    delay; it works on the clip as if it were periodic. Centres are drawn uniformly on the mel scale.

    Args:
        centre: the band's centre in Hz.
        width: the band's width as a fraction of its centre, uniform in this range.

    Raises:
        SSLKitError: a range with its larger end first, or data that do not say their rate.

    Source: torch-audiomentations' ``BandStopFilter``.
    """

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        return band_stop(x, *self.draw(x.shape[0], generator), self.rate_hz)


def band_stop(x: Tensor, lows: Tensor, highs: Tensor, rate_hz: float) -> Tensor:
    """``x`` (B, T) without what lies between ``lows`` and ``highs`` (B,) Hz."""
    return filter_waveform(x, butterworth(band(x, lows, highs, rate_hz).reciprocal_()))


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("waveform-band-stop", WaveformBandStop)
