"""Another microphone."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, ClassVar

import torch
from pydantic import Field
from torch import Tensor

from sslkit.augment.audio.base import RatedWaveformAugmentation
from sslkit.augment.audio.filters import filter_waveform, frequencies
from sslkit.augment.draws import uniform
from sslkit.errors import SSLKitError
from sslkit.hookspecs import hookimpl
from sslkit.types import SampleSpec

if TYPE_CHECKING:
    from sslkit.registry import Registry

LOWEST_HZ = 50.0


class MicrophoneResponse(RatedWaveformAugmentation):
    """Waveforms through a microphone that does not hear all frequencies alike: a random smooth gain curve.

    Gains in dB are drawn at points evenly spaced in octaves between 50 Hz and half the sampling rate, and
    joined by straight lines over the logarithm of frequency; below 50 Hz the first goes on. For one gain at
    all frequencies there is ``gain``.

    Args:
        decibels: gains are uniform in ±decibels.
        points: where gains are drawn.

    Raises:
        SSLKitError: by ``check``, data without a rate or with one below 200 Hz.

    Source: Nam et al. 2022 (FilterAugment, linear type), on the waveform.
    """

    neutral: ClassVar = {"decibels": 0.0}

    def __init__(
        self,
        decibels: Annotated[float, Field(ge=0, le=60)] = 6.0,
        points: Annotated[int, Field(ge=2)] = 5,
    ) -> None:
        self.decibels, self.points = decibels, points

    def check(self, spec: SampleSpec) -> None:
        super().check(spec)
        if self.rate_hz < 4 * LOWEST_HZ:
            raise SSLKitError(
                f"microphone-response needs a sampling rate of at least 200 Hz; it is {self.rate_hz:g}."
            )

    def draw(self, batch: int, generator: torch.Generator) -> Tensor:
        """Gains in dB at the points ``(B, points)``."""
        return uniform((batch, self.points), -self.decibels, self.decibels, generator)

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        return respond(x, self.draw(x.shape[0], generator), self.rate_hz)


def respond(x: Tensor, decibels: Tensor, rate_hz: float) -> Tensor:
    """``x`` (B, T) with gains ``decibels`` (B, points), the first at 50 Hz, the last at half the rate."""
    octaves = (frequencies(x, rate_hz).clamp_(min=LOWEST_HZ) / LOWEST_HZ).log_()
    points = decibels.shape[1]
    places = octaves * ((points - 1) / math.log(rate_hz / 2 / LOWEST_HZ))
    distances = places - torch.arange(points, device=x.device)[:, None]
    joined = (1 - distances.abs_()).clamp_(min=0)  # each point's part in each frequency
    return filter_waveform(x, (decibels * (math.log(10) / 20)).mm(joined).exp_())


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("microphone-response", MicrophoneResponse)
