"""A part for the whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

import torch
from einops import rearrange
from pydantic import Field
from torch import Tensor

from sslkit.augment.audio.base import SpectrogramAugmentation
from sslkit.augment.draws import check_range, uniform
from sslkit.hookspecs import hookimpl

if TYPE_CHECKING:
    from sslkit.registry import Registry

Fraction = Annotated[float, Field(ge=0.05, le=1)]


class RandomCrop(SpectrogramAugmentation):
    """A random stretch of a clip, repeated to the clip's length: two views are two crops of one clip, as in
    COLA.

    Pitch and tempo stay, unlike in ``random-resize-crop-spectrogram``. Views keep the clips' length, which
    COLA's crops do not; repeating a stretch keeps its statistics, where padding would change them. Crops
    are whole frames and work on the spectrogram, where the seams make no clicks.

    Args:
        fraction: the stretch's length in the clip's, uniform in this range. COLA takes about a tenth of ten
            seconds; that is for clips in which one thing sounds all the time.

    Raises:
        SSLKitError: a range with its larger end first.

    Source: Saeed et al. 2021 (COLA), section 2.
    """

    neutral: ClassVar = {"fraction": (1.0, 1.0)}

    def __init__(self, fraction: tuple[Fraction, Fraction] = (0.5, 0.5)) -> None:
        check_range("random-crop: fraction", fraction)
        self.fraction = fraction

    def draw(self, batch: int, length: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """First frames and numbers of frames of the stretches: int64, both ``(B,)``."""
        lengths = (uniform(batch, *self.fraction, generator) * length).round_().clamp_(1, length)
        starts = (uniform(batch, 0.0, 1.0, generator) * (length - lengths + 1)).floor_()
        return torch.minimum(starts, length - lengths).long(), lengths.long()

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        return crop(x, *self.draw(x.shape[0], x.shape[-1], generator))


def crop(x: Tensor, starts: Tensor, lengths: Tensor) -> Tensor:
    """``x`` (B, C, F, T): frames ``starts`` … ``starts + lengths - 1`` (B,), over and over."""
    frames = torch.arange(x.shape[-1], device=x.device) % lengths[:, None] + starts[:, None]
    return x.gather(3, rearrange(frames, "b t -> b 1 1 t").expand_as(x))


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("random-crop", RandomCrop)
