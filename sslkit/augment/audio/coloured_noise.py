"""Noise of any colour."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from sslkit.augment.audio.base import WaveformAugmentation
from sslkit.augment.audio.mixing import add_at_ratio, decibels_at_strength
from sslkit.augment.draws import check_range, uniform
from sslkit.hookspecs import hookimpl

if TYPE_CHECKING:
    from sslkit.registry import Registry


class ColouredNoise(WaveformAugmentation):
    """Gaussian noise of a random colour, from violet to brown, at a random signal-to-noise ratio.

    The noise's amplitude falls with frequency as f^-decay (0 white, 1 brown, -1 violet in power 1/f², f²)
    and has no constant part. The ratio is that of the mean powers of each clip and its noise, exactly; a
    silent clip stays silent.

    Args:
        snr: signal-to-noise ratio in dB, uniform in this range.
        decay: the exponent, uniform in this range.

    Raises:
        SSLKitError: a range with its larger end first.

    Source: torch-audiomentations' ``AddColoredNoise``.
    """

    def __init__(
        self, snr: tuple[float, float] = (3.0, 30.0), decay: tuple[float, float] = (-2.0, 2.0)
    ) -> None:
        check_range("coloured-noise: snr", snr)
        check_range("coloured-noise: decay", decay)
        self.snr, self.decay = snr, decay

    @classmethod
    def at_strength(cls, settings: Mapping[str, Any], strength: float) -> dict[str, Any]:
        return {"snr": decibels_at_strength(settings["snr"], strength)}

    def draw(self, batch: int, length: int, generator: torch.Generator) -> tuple[Tensor, Tensor, Tensor]:
        """White spectra ``(B, T // 2 + 1)``, exponents ``(B,)`` and ratios in dB ``(B,)``."""
        white = torch.randn(batch, length // 2 + 1, 2, generator=generator, device=generator.device)
        decay = uniform(batch, *self.decay, generator)
        return torch.view_as_complex(white), decay, uniform(batch, *self.snr, generator)

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        return add_noise(x, *self.draw(x.shape[0], x.shape[1], generator))


def add_noise(x: Tensor, white: Tensor, decay: Tensor, snr: Tensor) -> Tensor:
    """``x`` (B, T) with noise of the spectrum ``white`` · f^-decay, ``snr`` dB below it."""
    noise = torch.fft.irfft(white * _colour(decay, x.shape[1]), n=x.shape[1])
    return add_at_ratio(x, noise, snr)


def _colour(decay: Tensor, length: int) -> Tensor:
    """Amplitudes f^-decay ``(B, T // 2 + 1)``, at most 1."""
    bins = torch.arange(1.0, length // 2 + 1, device=decay.device).log_()
    reference = torch.where(decay > 0, bins[0], bins[-1])
    amplitudes = torch.exp_(-decay[:, None] * (bins - reference[:, None]))
    return torch.nn.functional.pad(amplitudes, (1, 0))


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("coloured-noise", ColouredNoise)
