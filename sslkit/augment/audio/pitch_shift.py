"""A higher or deeper voice."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, ClassVar

import torch
import torch.nn.functional as F
from einops import rearrange
from pydantic import Field
from torch import Tensor

from sslkit.augment.audio.base import RatedWaveformAugmentation
from sslkit.augment.audio.vocoder import stretch
from sslkit.augment.draws import check_range, uniform
from sslkit.errors import SSLKitError
from sslkit.hookspecs import hookimpl
from sslkit.types import SampleSpec

if TYPE_CHECKING:
    from sslkit.registry import Registry

WINDOW_S = 0.032
ROLLOFF = 0.05  # of the band, beyond its end
TAPS, PHASES = 16, 1024  # of the interpolation: -60 dB
CPU_CHUNKS = (64, 4)  # clips stretched, and clips resampled, at once: what stays in the cache
Semitones = Annotated[float, Field(ge=-24, le=24)]


class PitchShift(RatedWaveformAugmentation):
    """Waveforms higher or lower by a random number of semitones, formants too, as long as before.

    A phase vocoder (windows of about 32 ms, a quarter apart) makes the clip longer by the factor of the
    pitch, and band-limited interpolation reads it faster by the same factor.

    Args:
        semitones: uniform in this range, also between whole ones.

    Raises:
        SSLKitError: a range with its larger end first; by ``check``, data without a rate or clips shorter
            than a window.

    Source: torch-audiomentations' ``PitchShift``; the vocoder is Puckette's (1995), which keeps levels.
    """

    neutral: ClassVar = {"semitones": (0.0, 0.0)}

    def __init__(self, semitones: tuple[Semitones, Semitones] = (-4.0, 4.0)) -> None:
        check_range("pitch-shift: semitones", semitones)
        self.semitones = semitones

    def check(self, spec: SampleSpec) -> None:
        super().check(spec)
        if spec.shape[0] < window_length(self.rate_hz):
            raise SSLKitError(
                f"pitch-shift needs clips of at least {window_length(self.rate_hz)} samples at "
                f"{self.rate_hz:g} Hz; these have {spec.shape[0]}. Use longer clips or leave it out."
            )

    def draw(self, batch: int, generator: torch.Generator) -> Tensor:
        """Semitones ``(B,)``."""
        return uniform(batch, *self.semitones, generator)

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        factors = 2 ** (self.draw(x.shape[0], generator) / 12)
        return shift_pitch(x, factors, 2 ** (self.semitones[1] / 12), window_length(self.rate_hz))


def window_length(rate_hz: float) -> int:
    """The power of two nearest to 32 ms, at least 16."""
    return 1 << max(4, round(math.log2(WINDOW_S * rate_hz)))


def shift_pitch(x: Tensor, factors: Tensor, highest: float, size: int) -> Tensor:
    """``x`` (B, T) with frequencies times ``factors`` (B,), none above ``highest``; windows of ``size``."""
    stretched, resampled = CPU_CHUNKS if x.device.type == "cpu" else (len(x), len(x))
    window = torch.hann_window(size, device=x.device)
    parts = []
    for clips, of_clips in zip(
        torch.split(x.float(), stretched), torch.split(factors, stretched), strict=True
    ):
        longer = stretch(clips, of_clips, highest, window, audible(of_clips, size))
        pairs = zip(torch.split(longer, resampled), torch.split(of_clips, resampled), strict=True)
        parts += [read_faster(sound, speed, x.shape[1]) for sound, speed in pairs]
    return torch.cat(parts).to(x.dtype)


def audible(factors: Tensor, size: int) -> Tensor:
    """1 for frequencies that stay below half the rate when multiplied with ``factors`` (B,), 0 for those that
    do not and would be heard at a wrong place ``(B, size // 2 + 1)``."""
    fractions = torch.linspace(0, 1, size // 2 + 1, device=factors.device)
    return ((1 + ROLLOFF - fractions * factors[:, None]) / ROLLOFF).clamp_(0, 1)


def read_faster(x: Tensor, speeds: Tensor, length: int) -> Tensor:
    """``x`` (B, N) at ``speeds`` · 0, 1, … length - 1, by windowed sincs; 0 outside of it."""
    places = torch.arange(length, device=x.device) * speeds[:, None]
    left = places.floor()
    phases = ((places - left) * PHASES).round_().long()
    padded = F.pad(x, (TAPS, TAPS))
    first = torch.arange(len(x), device=x.device)[:, None] * padded.shape[1] + TAPS // 2 + 1
    begins = left.long().clamp_(max=x.shape[1]) + first
    taken = rearrange(padded, "b t -> (b t)").unfold(0, TAPS, 1)[rearrange(begins, "b t -> (b t)")]
    weights = _sincs(x.device).index_select(0, rearrange(phases, "b t -> (b t)"))
    read = taken.mul_(weights).mv(torch.ones(TAPS, device=x.device))
    return rearrange(read, "(b t) -> b t", b=len(x))


@lru_cache(maxsize=4)
def _sincs(device: torch.device) -> Tensor:
    """Weights of the taps at each of the places between two samples ``(PHASES + 1, TAPS)``: Hann-windowed sincs."""
    places = torch.arange(PHASES + 1, dtype=torch.float64)[:, None] / PHASES
    distances = torch.arange(1 - TAPS // 2, 1 + TAPS // 2) - places
    window = (math.pi / TAPS * distances).cos().square()
    return (distances.sinc() * window).float().to(device)


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("pitch-shift", PitchShift)
