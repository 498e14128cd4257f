"""Hum of the mains."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar

import torch
from einops import rearrange
from torch import Tensor

from sslkit.augment.draws import check_range, uniform
from sslkit.augment.sensors.base import SensorAugmentation
from sslkit.errors import SSLKitError
from sslkit.hookspecs import hookimpl
from sslkit.types import Count, NonNegative, Positive, SampleSpec

if TYPE_CHECKING:
    from sslkit.registry import Registry


class MainsHum(SensorAugmentation):
    """The mains' frequency and its harmonics added to all channels, as bad shielding and earthing do.

    Needs the sampling rate. One hum for each sample, whose k-th harmonic has a random phase and an amplitude
    of at most 1/k of the fundamental's; every channel takes it up with an amplitude of its own.

    Args:
        frequency: of the mains in Hz: 50 or 60, 16.7 on railways, 400 in aircraft.
        harmonics: how many multiples, the fundamental included.
        amplitude: of the fundamental, in units of the channel's standard deviation, uniform in this range.

    Raises:
        SSLKitError: a range out of order; samples without a rate, or too slow a rate for the harmonics.

    Source: powerline interference as in ECG processing (Friesen et al. 1990), with harmonics.
    """

    neutral: ClassVar = {"amplitude": (0.0, 0.0)}

    def __init__(
        self,
        frequency: Positive = 50.0,
        harmonics: Count = 3,
        amplitude: tuple[NonNegative, NonNegative] = (0.0, 0.3),
    ) -> None:
        check_range("mains-hum: amplitude", amplitude, 0.0, math.inf)
        self.frequency, self.harmonics, self.amplitude = frequency, harmonics, amplitude
        self._rate_hz: float | None = None

    def check(self, spec: SampleSpec) -> None:
        super().check(spec)
        if spec.rate_hz is None:
            raise SSLKitError(
                "mains-hum needs the sampling rate, which these data do not tell. Give it (rate_hz) or leave it out."
            )
        possible = math.ceil(spec.rate_hz / 2 / self.frequency) - 1  # strictly below half the rate
        if possible < self.harmonics:
            advice = f"Set harmonics: {possible} or less." if possible else "Leave it out."
            raise SSLKitError(
                f"mains-hum: {self.harmonics * self.frequency:g} Hz cannot be held at {spec.rate_hz:g} samples "
                f"per second, only what is below {spec.rate_hz / 2:g} Hz. {advice}"
            )
        self._rate_hz = spec.rate_hz

    def draw(self, batch: int, channels: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Amplitudes of the channels ``(B, C)``; sines and cosines of the harmonics ``(B, 2, harmonics)``."""
        amplitudes = uniform((batch, channels), *self.amplitude, generator)
        phases = uniform((batch, self.harmonics), 0.0, 2 * math.pi, generator)
        parts = uniform((batch, self.harmonics), 0.0, 1.0, generator)
        parts[:, 0] = 1.0
        parts = parts / torch.arange(1, self.harmonics + 1, device=generator.device)
        return amplitudes, torch.stack([parts * phases.cos(), parts * phases.sin()], dim=1)

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        if self._rate_hz is None:
            raise SSLKitError("mains-hum does not know the sampling rate yet: call check(spec) first.")
        batch, channels, length = x.shape
        amplitudes, parts = self.draw(batch, channels, generator)
        waves = harmonic_waves(self.frequency / self._rate_hz, self.harmonics, length, x.device)
        hum = (rearrange(parts, "b wave order -> b (wave order)") @ waves).to(x.dtype)
        return torch.addcmul(x, amplitudes.unsqueeze(-1).to(x.dtype), hum.unsqueeze(1))


@lru_cache(maxsize=32)
def harmonic_waves(cycles: float, harmonics: int, length: int, device: torch.device) -> Tensor:
    """Sines, then cosines, of 1…harmonics times ``cycles`` per sample: ``(2 * harmonics, length)``."""
    order = torch.arange(1, harmonics + 1, dtype=torch.float64)
    angles = 2 * math.pi * cycles * order[:, None] * torch.arange(length, dtype=torch.float64)
    return torch.cat([angles.sin(), angles.cos()]).to(device, torch.float32)


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("mains-hum", MainsHum)
