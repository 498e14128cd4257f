"""Muffled sound."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor

from sslkit.augment.audio.base import WaveformAugmentation
from sslkit.augment.audio.draws import check_ordered, uniform
from sslkit.errors import SSLKitError
from sslkit.hookspecs import hookimpl
from sslkit.types import Positive, SampleSpec

if TYPE_CHECKING:
    from sslkit.registry import Registry

ORDER = 4  # 24 dB an octave


class WaveformLowPass(WaveformAugmentation):
    """Waveforms without the frequencies above a random limit, as behind a door or on the telephone.

    The filter has a Butterworth filter's amplitudes (order 4: -3 dB at the limit, 24 dB an octave above)
    and no delay; it works on the clip as if it were periodic. Limits are drawn uniformly on the mel scale.

    Args:
        cutoff: limits in Hz.
        rate_hz: the waveforms' sampling rate.

    Raises:
        SSLKitError: limits that are not in order, or a rate that is not the data's.

    Source: torch-audiomentations' ``LowPassFilter``.
    """

    def __init__(
        self, cutoff: tuple[Positive, Positive] = (150.0, 7500.0), rate_hz: Positive = 16000.0
    ) -> None:
        check_ordered("waveform-low-pass: cutoff", cutoff)
        self.cutoff, self.rate_hz = cutoff, rate_hz

    def check(self, spec: SampleSpec) -> None:
        super().check(spec)
        if spec.rate_hz != self.rate_hz:
            raise SSLKitError(
                f"waveform-low-pass: rate_hz is {self.rate_hz:g}, the data have {spec.rate_hz}. "
                "Set it to the data's."
            )

    def draw(self, batch: int, generator: torch.Generator) -> Tensor:
        """Limits in Hz ``(B,)``."""
        low, high = (torch.tensor(limit).div(700).log1p().item() for limit in self.cutoff)
        return uniform(batch, (low, high), generator).expm1_().mul_(700).clamp_(*self.cutoff)

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        return muffle(x, self.draw(x.shape[0], generator), self.rate_hz)


def muffle(x: Tensor, cutoffs: Tensor, rate_hz: float) -> Tensor:
    """``x`` (B, T) low-passed at ``cutoffs`` (B,) Hz."""
    frequencies = torch.fft.rfftfreq(x.shape[1], d=1 / rate_hz, device=x.device)
    ratio = frequencies / cutoffs[:, None]
    gains = ratio.pow_(2 * ORDER).add_(1).rsqrt_()
    return torch.fft.irfft(torch.fft.rfft(x.float()).mul_(gains), n=x.shape[1]).to(x.dtype)


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("waveform-low-pass", WaveformLowPass)
