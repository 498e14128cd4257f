"""Another level."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

import torch
from pydantic import Field
from torch import Tensor

from sslkit.augment.audio.base import WaveformAugmentation
from sslkit.augment.draws import check_range, uniform
from sslkit.hookspecs import hookimpl

if TYPE_CHECKING:
    from sslkit.registry import Registry


Decibels = Annotated[float, Field(ge=-100, le=100)]


class Gain(WaveformAugmentation):
    """Waveforms made louder or softer by a random number of decibels; nothing is clipped.

    Args:
        decibels: the gain, uniform in this range.

    Raises:
        SSLKitError: a range with its larger end first.

    Source: torch-audiomentations' ``Gain``.
    """

    neutral: ClassVar = {"decibels": (0.0, 0.0)}

    def __init__(self, decibels: tuple[Decibels, Decibels] = (-18.0, 6.0)) -> None:
        check_range("gain: decibels", decibels)
        self.decibels = decibels

    def draw(self, batch: int, generator: torch.Generator) -> Tensor:
        """Gains in dB ``(B,)``."""
        return uniform(batch, *self.decibels, generator)

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        return amplify(x, self.draw(x.shape[0], generator))


def amplify(x: Tensor, decibels: Tensor) -> Tensor:
    """``x`` (B, T) louder by ``decibels`` (B,)."""
    return x * (10 ** (decibels / 20)).to(x.dtype)[:, None]


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("gain", Gain)
