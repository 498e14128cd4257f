"""Another room, made up."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import torch
from pydantic import Field
from torch import Tensor

from sslkit.augment.audio.base import RatedWaveformAugmentation
from sslkit.augment.audio.convolution import convolve_clips
from sslkit.augment.audio.mixing import decibels_at_strength
from sslkit.augment.draws import check_range, uniform
from sslkit.hookspecs import hookimpl

if TYPE_CHECKING:
    from sslkit.registry import Registry

Seconds = Annotated[float, Field(ge=0.01, le=10)]


class Reverberation(RatedWaveformAugmentation):
    """Waveforms as heard in a random room: the direct sound unchanged, and after it echoes that die away.

    The room's response is 1 for the direct sound, then Gaussian noise that falls by 60 dB in the
    reverberation time (RT60). For rooms that were measured there is ``impulse-response``. Responses are cut
    at the clip's length. ``strength`` scales the echoes' amplitude.

    Args:
        rt60: reverberation time in seconds, uniform in this range; 0.2 is a furnished room, 0.8 a hall.
        direct_to_reverberant: ratio of the energies of the direct sound and of the echoes in dB, uniform in
            this range; it falls with the distance from the microphone.

    Raises:
        SSLKitError: a range with its larger end first; by ``check``, data without a rate.

    Source: Polack's model of late reverberation (1988); the effect on learned representations: Kharitonov
    et al. 2021 (WavAugment).
    """

    def __init__(
        self,
        rt60: tuple[Seconds, Seconds] = (0.2, 0.8),
        direct_to_reverberant: tuple[float, float] = (0.0, 15.0),
    ) -> None:
        check_range("reverberation: rt60", rt60)
        check_range("reverberation: direct_to_reverberant", direct_to_reverberant)
        self.rt60, self.direct_to_reverberant = rt60, direct_to_reverberant

    @classmethod
    def at_strength(cls, settings: Mapping[str, Any], strength: float) -> dict[str, Any]:
        ratio = settings["direct_to_reverberant"]
        return {"direct_to_reverberant": decibels_at_strength(ratio, strength)}

    def draw(self, batch: int, length: int, generator: torch.Generator) -> tuple[Tensor, Tensor, Tensor]:
        """White noise ``(B, L)``, reverberation times in seconds ``(B,)`` and ratios in dB ``(B,)``."""
        longest = min(length, math.ceil(self.rt60[1] * self.rate_hz)) - 1
        noise = torch.randn(batch, longest, generator=generator, device=generator.device)
        times = uniform(batch, *self.rt60, generator)
        return noise, times, uniform(batch, *self.direct_to_reverberant, generator)

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        noise, times, ratios = self.draw(x.shape[0], x.shape[1], generator)
        return convolve_clips(x, room_responses(noise, times * self.rate_hz, ratios))


def room_responses(noise: Tensor, times: Tensor, ratios: Tensor) -> Tensor:
    """1, then ``noise`` (B, L) fallen by 60 dB after ``times`` (B,) samples, of energy ``-ratios`` dB: (B, L + 1)."""
    steps = torch.arange(1, noise.shape[1] + 1, device=noise.device)
    echoes = (steps * (-math.log(1000) / times)[:, None]).exp_().mul_(noise)
    echoes *= (10 ** (-ratios / 20) / torch.linalg.vector_norm(echoes, dim=1))[:, None]
    return torch.nn.functional.pad(echoes, (1, 0), value=1.0)


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("reverberation", Reverberation)
