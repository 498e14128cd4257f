"""Coming nearer and going away."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import torch
from einops import rearrange
from torch import Tensor

from sslkit.augment.audio.base import SpectrogramAugmentation
from sslkit.augment.draws import uniform
from sslkit.hookspecs import hookimpl
from sslkit.types import NonNegative

if TYPE_CHECKING:
    from sslkit.registry import Registry


class LinearFader(SpectrogramAugmentation):
    """A straight line over time added to log-mel spectrograms: the sound fades in or out.

    Args:
        gain: the line's values at the first and the last frame are uniform in ±gain, in the spectrogram's
        units.

    Source: Niizumi et al. 2022 (BYOL-A v2), random linear fader.
    """

    neutral: ClassVar = {"gain": 0.0}

    def __init__(self, gain: NonNegative = 1.0) -> None:
        self.gain = gain

    def draw(self, batch: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """The line's first and last values: both ``(B,)``."""
        bounds = (-self.gain, self.gain)
        return uniform(batch, *bounds, generator), uniform(batch, *bounds, generator)

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        return fade(x, *self.draw(x.shape[0], generator))


def fade(x: Tensor, first: Tensor, last: Tensor) -> Tensor:
    """``x`` (B, 1, F, T) plus a line over time from ``first`` to ``last`` (B,)."""
    steps = torch.linspace(0, 1, x.shape[-1], device=x.device)
    line = torch.lerp(first[:, None], last[:, None], steps)
    return x + rearrange(line, "b t -> b 1 1 t").to(x.dtype)


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("linear-fader", LinearFader)
