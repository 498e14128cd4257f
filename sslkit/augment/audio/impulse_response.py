"""Another room, measured."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from sslkit.augment.audio.base import RatedWaveformAugmentation
from sslkit.augment.audio.convolution import convolve_clips
from sslkit.augment.audio.sound_folder import evenly, find_sounds, read_responses
from sslkit.hookspecs import hookimpl
from sslkit.types import Count, SampleSpec

if TYPE_CHECKING:
    from sslkit.registry import Registry

BEFORE_S = 0.0025  # of the response before its peak: where the direct sound rises


class ImpulseResponse(RatedWaveformAugmentation):
    """Waveforms convolved with a random impulse response from a folder: a room, a device or a machine that
    was measured.

    A response begins 2.5 ms before its largest peak, the direct sound, which is scaled to 1 and keeps its
    place and level; it ends at the latest a clip's length after. Files (wav, flac, ogg …, in subfolders
    too) are made mono and resampled to the data's rate, and read when the first batch needs them. For
    rooms made up there is ``reverberation``.

    Args:
        folder: of the responses, one a file.
        most: responses kept in memory; of a larger folder, evenly spread ones.

    Raises:
        SSLKitError: by ``check``, no folder, no sound in it, a file that cannot be read, or data without a rate.

    Source: torch-audiomentations' ``ApplyImpulseResponse``.
    """

    def __init__(self, folder: str, most: Count = 500) -> None:
        self.folder, self.most = folder, most
        self._paths: tuple[Path, ...] = ()
        self._responses: Tensor | None = None

    def check(self, spec: SampleSpec) -> None:
        super().check(spec)
        self._paths, self._responses = evenly(find_sounds("impulse-response", self.folder), self.most), None

    def draw(self, batch: int, generator: torch.Generator) -> Tensor:
        """Numbers of responses, int64 ``(B,)``."""
        return torch.randint(len(self._paths), (batch,), generator=generator, device=generator.device)

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        before = round(BEFORE_S * self.rate_hz)
        if self._responses is None:
            self._responses = read_responses(self._paths, round(self.rate_hz), x.shape[1], before)
        self._responses = self._responses.to(x.device)
        return convolve_clips(x, self._responses[self.draw(x.shape[0], generator)], before)


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("impulse-response", ImpulseResponse)
