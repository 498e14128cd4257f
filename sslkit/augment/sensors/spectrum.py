"""Filters of the real spectrum over time; channels never mix."""

from __future__ import annotations

import torch
from torch import Tensor

from sslkit.augment.draws import check_range, uniform
from sslkit.augment.names import augmentation_name
from sslkit.augment.sensors.base import SensorAugmentation
from sslkit.augment.sensors.missing import around_missing


class PassFilter(SensorAugmentation):
    """Frequencies on one side of a random limit removed; subclasses say on which.

    Args:
        cutoff: the limit as a fraction of half the sampling rate, uniform in this range.

    Raises:
        SSLKitError: a range that is not within 0…1.
    """

    def __init__(self, cutoff: tuple[float, float]) -> None:
        check_range(f"{augmentation_name(self)}: cutoff", cutoff, 0.0, 1.0)
        self.cutoff = cutoff

    def shortest(self) -> int:
        return 4

    def draw(self, batch: int, generator: torch.Generator) -> Tensor:
        """Limits ``(B,)``, fractions of half the sampling rate."""
        return uniform(batch, *self.cutoff, generator)

    def passed(self, frequencies: Tensor, cutoffs: Tensor) -> Tensor:
        """Which of ``frequencies`` (F,) to keep at the limits ``cutoffs`` (B, 1): bool ``(B, F)``."""
        raise NotImplementedError

    def filter(self, x: Tensor, cutoffs: Tensor) -> Tensor:
        """``x`` (B, C, T) filtered at the limits ``cutoffs`` (B,)."""
        return filter_spectrum(x, self.passed(nyquist_fractions(x.shape[-1], x.device), cutoffs[:, None]))

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        return self.filter(x, self.draw(x.shape[0], generator))


def nyquist_fractions(length: int, device: torch.device) -> Tensor:
    """Frequencies of the real spectrum's bins: 0 is constant, 1 is half the sampling rate."""
    fractions: Tensor = torch.fft.rfftfreq(length, d=0.5, device=device)
    return fractions


def filter_spectrum(x: Tensor, gains: Tensor) -> Tensor:
    """``x`` (B, C, T) with its spectrum over time times ``gains`` (B, T // 2 + 1): bool, real or complex.

    Missing values are bridged by straight lines for it and are missing again afterwards.
    """
    factors = gains.float() if gains.dtype == torch.bool else gains  # a bool would be widened to complex

    def filtered(present: Tensor) -> Tensor:
        spectrum = torch.fft.rfft(present.float().contiguous())
        windows: Tensor = torch.fft.irfft(spectrum * factors.unsqueeze(1), n=present.shape[-1])
        return windows.to(present.dtype)

    return around_missing(filtered, x)
