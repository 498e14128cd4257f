"""Filters that have a Butterworth filter's amplitudes and no delay, and what augmentations by them share."""

from __future__ import annotations

import math
from typing import Annotated

import torch
from pydantic import Field
from torch import Tensor

from sslkit.augment.audio.base import RatedWaveformAugmentation
from sslkit.augment.draws import check_range, uniform
from sslkit.augment.names import augmentation_name
from sslkit.types import Positive

ORDER = 4  # 24 dB an octave
BandWidth = Annotated[float, Field(ge=0.01, le=1.99)]


class CutoffFilter(RatedWaveformAugmentation):
    """Takes away the frequencies on one side of a random limit; subclasses say on which.

    Args:
        cutoff: limits in Hz, uniform on the mel scale.

    Raises:
        SSLKitError: limits that are not in order.
    """

    def __init__(self, cutoff: tuple[Positive, Positive]) -> None:
        check_range(f"{augmentation_name(self)}: cutoff", cutoff)
        self.cutoff = cutoff

    def draw(self, batch: int, generator: torch.Generator) -> Tensor:
        """Limits in Hz ``(B,)``."""
        return mel_uniform(batch, self.cutoff, generator)


class BandFilter(RatedWaveformAugmentation):
    """Takes away a random band of frequencies, or all but it; subclasses say which.

    Args:
        centre: the band's centre in Hz, uniform on the mel scale.
        width: the band's width as a fraction of its centre, uniform in this range.

    Raises:
        SSLKitError: a range with its larger end first.
    """

    def __init__(
        self,
        centre: tuple[Positive, Positive] = (200.0, 4000.0),
        width: tuple[BandWidth, BandWidth] = (0.5, 1.99),
    ) -> None:
        check_range(f"{augmentation_name(self)}: centre", centre)
        check_range(f"{augmentation_name(self)}: width", width)
        self.centre, self.width = centre, width

    def draw(self, batch: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Lower and upper ends of the bands in Hz, both ``(B,)``."""
        centres = mel_uniform(batch, self.centre, generator)
        halves = centres * uniform(batch, *self.width, generator) / 2
        return centres - halves, centres + halves


def frequencies(x: Tensor, rate_hz: float) -> Tensor:
    """Of the spectrum of ``x`` (B, T), in Hz: ``(T // 2 + 1,)``."""
    hz: Tensor = torch.fft.rfftfreq(x.shape[1], d=1 / rate_hz, device=x.device)
    return hz


def butterworth(ratio: Tensor) -> Tensor:
    """Amplitudes at frequencies relative to a low-pass filter's limit, where it is 0.707; overwrites ``ratio``."""
    return ratio.square_().square_().square_().add_(1).rsqrt_()  # the power 2 · ORDER


def band(x: Tensor, lows: Tensor, highs: Tensor, rate_hz: float) -> Tensor:
    """Frequencies of ``x`` relative to bands ``(B,)``: within ±1 inside; ``(B, T // 2 + 1)``."""
    hz = frequencies(x, rate_hz)
    widths = (highs - lows)[:, None]
    return (hz / widths).sub_((lows * highs)[:, None] / (hz * widths))


def filter_waveform(x: Tensor, gains: Tensor) -> Tensor:
    """``x`` (B, T) with its spectrum times ``gains`` (B or 1, T // 2 + 1); as if ``x`` were periodic."""
    filtered: Tensor = torch.fft.irfft(torch.fft.rfft(x.float().contiguous()).mul_(gains), n=x.shape[1])
    return filtered.to(x.dtype)


def mel_uniform(batch: int, bounds: tuple[float, float], generator: torch.Generator) -> Tensor:
    """Frequencies in Hz ``(B,)``, uniform on the mel scale."""
    low, high = (math.log1p(limit / 700) for limit in bounds)
    return uniform(batch, low, high, generator).expm1_().mul_(700).clamp_(*bounds)
