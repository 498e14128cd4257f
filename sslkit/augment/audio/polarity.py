"""The other sign."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor

from sslkit.augment.audio.base import WaveformAugmentation
from sslkit.hookspecs import hookimpl

if TYPE_CHECKING:
    from sslkit.registry import Registry


class Polarity(WaveformAugmentation):
    """Waveforms upside down, for half of the samples: sounds the same, and a log-mel spectrogram does not
    see it.

    Source: torch-audiomentations' ``PolarityInversion``.
    """

    p = 0.5

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        return -x


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("polarity", Polarity)
