"""One stretch of the window at another speed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import torch
from pydantic import Field
from torch import Tensor

from sslkit.augment.draws import uniform
from sslkit.augment.sensors.base import SensorAugmentation
from sslkit.augment.sensors.resampling import read_at
from sslkit.errors import SSLKitError
from sslkit.hookspecs import hookimpl
from sslkit.types import Positive

if TYPE_CHECKING:
    from sslkit.registry import Registry


class WindowWarp(SensorAugmentation):
    """One stretch at a random place lasts half or twice as long; the whole is brought back to the window's
    length.

    Channels stay in step, and values are interpolated linearly once.

    Args:
        ratio: the stretch's length as a fraction of the window's.
        scales: what its length is multiplied with; one is drawn for each sample.

    Raises:
        SSLKitError: no scales.

    Source: Le Guennec et al. 2016; Iwana & Uchida 2021.
    """

    neutral: ClassVar = {"scales": (1.0,)}

    def __init__(
        self, ratio: Annotated[float, Field(gt=0, lt=1)] = 0.1, scales: tuple[Positive, ...] = (0.5, 2.0)
    ) -> None:
        if not scales:
            raise SSLKitError("window-warp: scales is empty; give at least one, e.g. [0.5, 2.0].")
        self.ratio, self.scales = ratio, scales

    @classmethod
    def at_strength(cls, settings: Mapping[str, Any], strength: float) -> dict[str, Any]:
        """Twice the strength is the square of the scales: a speed's change is a ratio."""
        return {"scales": tuple(scale**strength for scale in settings["scales"])}

    def shortest(self) -> int:
        return math.ceil(2 / self.ratio)

    def draw(self, batch: int, length: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Where the stretches start, in samples, and their scales: both ``(B,)``."""
        starts = uniform(batch, 0.0, (length - 1) * (1 - self.ratio), generator)
        choice = torch.randint(len(self.scales), (batch,), generator=generator, device=generator.device)
        scales = torch.zeros_like(starts)
        for number, scale in enumerate(self.scales):  # no tensor of settings: it would wait for the device
            scales.masked_fill_(choice == number, scale)
        return starts, scales

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        starts, scales = self.draw(x.shape[0], x.shape[-1], generator)
        return read_at(x, warped_clock(starts, scales, self.ratio, x.shape[-1]))


def warped_clock(starts: Tensor, scales: Tensor, ratio: float, length: int) -> Tensor:
    """The times to read ``(B, length)``: the stretch passes ``scales`` times slower than the rest."""
    last = length - 1
    span = ratio * last
    steps = torch.linspace(0, 1, length, device=starts.device)
    time = steps * (last + span * (scales - 1))[:, None]  # on the warped axis, which is longer or shorter
    inside = (time - starts[:, None]).clamp_(min=0.0)
    inside = torch.minimum(inside, (span * scales)[:, None])
    return (time - inside * (1 - 1 / scales)[:, None]).clamp_(0, last)


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("window-warp", WindowWarp)
