"""Sounds added at a ratio in decibels."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

SILENCE = 1e-20  # a norm below it is nothing: noise that is silent stays silent


def add_at_ratio(x: Tensor, noise: Tensor, snr: Tensor) -> Tensor:
    """``x`` (B, T) with ``noise`` (B, T), whose mean power is ``snr`` (B,) dB below that of ``x``."""
    signal = x.float()
    norm = torch.linalg.vector_norm(noise, dim=1).clamp_(min=SILENCE)
    scale = torch.linalg.vector_norm(signal, dim=1) / norm * 10 ** (-snr / 20)
    return torch.addcmul(signal, noise, scale[:, None]).to(x.dtype)


def decibels_at_strength(ratios: Sequence[float], strength: float) -> tuple[float, ...]:
    """Signal-to-noise ratios in dB such that the noise's amplitude is ``strength`` times what it was."""
    return tuple(ratio - 20 * math.log10(strength) for ratio in ratios)
