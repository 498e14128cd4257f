"""Filters that have a Butterworth filter's amplitudes and no delay."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from sslkit.augment.audio.draws import uniform

ORDER = 4  # 24 dB an octave


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
    filtered: Tensor = torch.fft.irfft(torch.fft.rfft(x.float()).mul_(gains), n=x.shape[1])
    return filtered.to(x.dtype)


def mel_uniform(batch: int, bounds: tuple[float, float], generator: torch.Generator) -> Tensor:
    """Frequencies in Hz ``(B,)``, uniform on the mel scale."""
    low, high = (math.log1p(limit / 700) for limit in bounds)
    return uniform(batch, (low, high), generator).expm1_().mul_(700).clamp_(*bounds)
