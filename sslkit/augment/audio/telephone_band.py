"""Over the telephone."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from sslkit.augment.audio.base import RatedWaveformAugmentation
from sslkit.augment.audio.filters import band, butterworth, filter_waveform
from sslkit.augment.draws import check_range
from sslkit.errors import SSLKitError
from sslkit.hookspecs import hookimpl
from sslkit.types import Positive, SampleSpec

if TYPE_CHECKING:
    from sslkit.registry import Registry

LEVELS = 255  # μ of 8 bits


class TelephoneBand(RatedWaveformAugmentation):
    """Waveforms as the telephone passes them on: 300…3400 Hz, and 8 bits if wanted; for half of the samples.

    The band-pass has a Butterworth filter's amplitudes (order 4 on each side, -3 dB at the band's ends) and
    no delay. With ``mu_law`` samples are rounded to 8 bits on G.711's logarithmic scale, values beyond ±1
    clipped, before the filter, so that the coder's noise lies in the band too. Nothing is drawn but which
    samples it happens to.

    Args:
        passed_hz: the band's ends.
        mu_law: whether to round to 8 bits.

    Raises:
        SSLKitError: a band that is not in order or lies above half the data's rate, or data without a rate.

    Source: ITU-T G.711 and G.712.
    """

    p = 0.5

    def __init__(self, passed_hz: tuple[Positive, Positive] = (300.0, 3400.0), mu_law: bool = False) -> None:
        check_range("telephone-band: passed_hz", passed_hz)
        if passed_hz[0] == passed_hz[1]:
            raise SSLKitError(f"telephone-band: passed_hz is an empty band, {passed_hz}.")
        self.passed_hz, self.mu_law = passed_hz, mu_law

    def check(self, spec: SampleSpec) -> None:
        super().check(spec)
        if self.passed_hz[0] >= self.rate_hz / 2:
            raise SSLKitError(
                f"telephone-band: nothing of {self.passed_hz[0]:g}…{self.passed_hz[1]:g} Hz lies below half the "
                f"data's rate of {self.rate_hz:g} Hz. Lower passed_hz or leave it out."
            )

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        coded = mu_law_8_bit(x) if self.mu_law else x
        lows, highs = torch.tensor([self.passed_hz], device=x.device).unbind(1)
        return filter_waveform(coded, butterworth(band(x, lows, highs, self.rate_hz))).to(x.dtype)


def mu_law_8_bit(x: Tensor) -> Tensor:
    """``x`` rounded to 256 levels, finer where it is soft; float32."""
    sound = x.float().clamp(-1, 1)
    scale = math.log1p(LEVELS)
    compressed = sound.sign() * sound.abs().mul_(LEVELS).log1p_().div_(scale)
    level = compressed.add_(1).mul_(LEVELS / 2).add_(0.5).floor_().mul_(2 / LEVELS).sub_(1)
    return level.sign() * level.abs().mul_(scale).expm1_().div_(LEVELS)


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("telephone-band", TelephoneBand)
