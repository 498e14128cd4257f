"""Mel bands: what log-mel spectrograms and handcrafted features of sound add frequencies up to."""

from __future__ import annotations

import math

import torch
from torch import Tensor


def mel_filters(
    rate: float,
    n_fft: int,
    n_mels: int,
    f_min: float,
    f_max: float,
    dtype: torch.dtype = torch.float64,
) -> Tensor:
    """``(n_fft / 2 + 1, n_mels)``: triangles of height 1 whose corners are evenly spaced in HTK mels.

    In float32 the same to the last bit as ``torchaudio.functional.melscale_fbanks``, whose last release
    cannot be imported beside every newer PyTorch.
    """
    frequencies = torch.linspace(0, rate / 2, n_fft // 2 + 1, dtype=dtype)
    low, high = (2595 * math.log10(1 + f / 700) for f in (f_min, f_max))
    corners = 700 * (10 ** (torch.linspace(low, high, n_mels + 2, dtype=dtype) / 2595) - 1)
    left, peak, right = corners[:-2], corners[1:-1], corners[2:]
    rising = (frequencies[:, None] - left) / (peak - left)
    falling = (right - frequencies[:, None]) / (right - peak)
    return torch.minimum(rising, falling).clamp(min=0)
