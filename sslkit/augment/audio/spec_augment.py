"""Gaps in time and frequency."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import torch
from einops import rearrange
from torch import Tensor

from sslkit.augment.audio.base import SpectrogramAugmentation
from sslkit.augment.draws import uniform
from sslkit.hookspecs import hookimpl
from sslkit.types import Count, Probability

if TYPE_CHECKING:
    from sslkit.registry import Registry


class SpecAugment(SpectrogramAugmentation):
    """Random bands of frequency and stretches of time of a spectrogram set to 0, which is the mean.

    Each mask's width is uniform from nothing to the largest, in whole mels or frames, and so is its place.

    Args:
        frequency: the widest band as a fraction of the mels (0: none).
        time: the longest stretch as a fraction of the frames (0: none).
        masks: how many of each.

    Source: Park et al. 2019 (SpecAugment), without time warping.
    """

    neutral: ClassVar = {"frequency": 0.0, "time": 0.0}

    def __init__(self, frequency: Probability = 0.25, time: Probability = 0.25, masks: Count = 2) -> None:
        self.frequency, self.time, self.masks = frequency, time, masks

    def draw(
        self, batch: int, length: int, largest: float, generator: torch.Generator
    ) -> tuple[Tensor, Tensor]:
        """First points and widths of the masks, whole numbers: both ``(B, masks)``."""
        shape = (batch, self.masks)
        widths = (uniform(shape, 0.0, 1.0, generator) * (int(largest * length) + 1)).floor_()
        widths = widths.clamp_(max=int(largest * length))
        starts = (uniform(shape, 0.0, 1.0, generator) * (length - widths + 1)).floor_()
        return torch.minimum(starts, length - widths), widths

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        batch, _, mels, frames = x.shape
        mels_kept = kept(*self.draw(batch, mels, self.frequency, generator), mels).to(x.dtype)
        frames_kept = kept(*self.draw(batch, frames, self.time, generator), frames).to(x.dtype)
        return x * (rearrange(mels_kept, "b f -> b 1 f 1") * rearrange(frames_kept, "b t -> b 1 1 t"))


def kept(starts: Tensor, widths: Tensor, length: int) -> Tensor:
    """First points and widths of masks ``(B, masks)`` → where none of them lies, bool ``(B, length)``."""
    after = torch.arange(length, device=starts.device) - starts[:, :, None]
    return ((after < 0) | (after >= widths[:, :, None])).all(1)


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("spec-augment", SpecAugment)
