"""The user's own noise."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from sslkit.augment.audio.base import RatedWaveformAugmentation
from sslkit.augment.audio.mixing import add_at_ratio, decibels_at_strength
from sslkit.augment.audio.sound_folder import Sounds, find_sounds, read_sounds
from sslkit.augment.draws import check_range, uniform
from sslkit.hookspecs import hookimpl
from sslkit.types import Positive, SampleSpec

if TYPE_CHECKING:
    from sslkit.registry import Registry


class BackgroundNoise(RatedWaveformAugmentation):
    """Waveforms with noise from a folder of recordings: a random stretch of a random file, at a random
    signal-to-noise ratio.

    Files (wav, flac, ogg …, in subfolders too) are made mono and resampled to the data's rate, read when
    the first batch needs them, and kept in memory. At most about ``seconds`` are kept: every file gives an
    equal share, from its middle, but no less than a clip; where even that is too much, evenly spread files
    are read. Files shorter than a clip are repeated. The ratio is that of the mean powers of each clip and
    its noise, exactly; a silent clip stays silent.

    Args:
        folder: of the recordings.
        snr: signal-to-noise ratio in dB, uniform in this range.
        seconds: most noise kept; half an hour at 16 kHz is 115 MB.

    Raises:
        SSLKitError: a range with its larger end first; by ``check``, no folder, no sound in it, a file that
            cannot be read, or data without a rate.

    Source: torch-audiomentations' ``AddBackgroundNoise``.
    """

    def __init__(
        self, folder: str, snr: tuple[float, float] = (3.0, 30.0), seconds: Positive = 1800.0
    ) -> None:
        check_range("background-noise: snr", snr)
        self.folder, self.snr, self.seconds = folder, snr, seconds
        self._paths: tuple[Path, ...] = ()
        self._sounds: Sounds | None = None

    @classmethod
    def at_strength(cls, settings: Mapping[str, Any], strength: float) -> dict[str, Any]:
        return {"snr": decibels_at_strength(settings["snr"], strength)}

    def check(self, spec: SampleSpec) -> None:
        super().check(spec)
        self._paths, self._sounds = find_sounds("background-noise", self.folder), None

    def draw(self, sounds: Sounds, batch: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Where the noise begins among the sounds, int64 ``(B,)``, and ratios in dB ``(B,)``."""
        files = torch.randint(len(sounds.starts), (batch,), generator=generator, device=generator.device)
        places = sounds.places[files]
        steps = (uniform(batch, 0.0, 1.0, generator) * places).long()
        return sounds.starts[files] + torch.minimum(steps, places - 1), uniform(batch, *self.snr, generator)

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        length = x.shape[1]
        if self._sounds is None:
            self._sounds = read_sounds(self._paths, round(self.rate_hz), length, self.seconds)
        self._sounds = self._sounds.to(x.device)
        begins, snr = self.draw(self._sounds, x.shape[0], generator)
        return add_at_ratio(x, self._sounds.samples.unfold(0, length, 1)[begins], snr)


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("background-noise", BackgroundNoise)
