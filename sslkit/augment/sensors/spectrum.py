"""Filters of the real spectrum over time; channels never mix."""

from __future__ import annotations

import torch
from torch import Tensor


def nyquist_fractions(length: int, device: torch.device) -> Tensor:
    """Frequencies of the real spectrum's bins: 0 is constant, 1 is half the sampling rate."""
    return torch.fft.rfftfreq(length, d=0.5, device=device)


def filter_spectrum(x: Tensor, gains: Tensor) -> Tensor:
    """``x`` (B, C, T) with its spectrum over time times ``gains`` (B, T // 2 + 1), real or complex."""
    spectrum = torch.fft.rfft(x.float())
    return torch.fft.irfft(spectrum * gains.unsqueeze(1), n=x.shape[-1]).to(x.dtype)
