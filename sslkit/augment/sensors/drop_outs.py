"""Lost samples."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

import torch
from torch import Tensor

from sslkit.augment.draws import check_range, uniform
from sslkit.augment.sensors.base import SensorAugmentation
from sslkit.hookspecs import hookimpl
from sslkit.types import Count, Probability

if TYPE_CHECKING:
    from sslkit.registry import Registry


class DropOuts(SensorAugmentation):
    """Bursts of lost samples at random places, on all channels, as a bad cable or a radio link loses them.

    ``time-mask`` is one long stretch of 0; drop-outs are several short ones, and what a receiver puts in their
    place can be chosen. For bursts of one sensor's channels, put it into ``on-channels``.

    Args:
        bursts: their number in each window; they may overlap.
        length: each burst's length as a fraction of the window's, uniform in this range, rounded to whole
            samples.
        fill: ``hold`` repeats the last value before the burst (missing where that is missing), ``zero`` puts 0,
            the mean, ``missing`` puts NaN, as missing values have it.

    Raises:
        SSLKitError: a range that is not within 0…1.

    Source: bursts after tsaug's ``Dropout`` (sizes drawn, filled with a value or the last one).
    """

    neutral: ClassVar = {"length": (0.0, 0.0)}

    def __init__(
        self,
        bursts: Count = 3,
        length: tuple[Probability, Probability] = (0.01, 0.05),
        fill: Literal["hold", "zero", "missing"] = "hold",
    ) -> None:
        check_range("drop-outs: length", length, 0.0, 1.0)
        self.bursts, self.length, self.fill = bursts, length, fill

    def shortest(self) -> int:
        return 2

    def draw(self, batch: int, length: int, generator: torch.Generator) -> Tensor:
        """Which samples are lost: bool ``(B, T)``, never the first one, so that there is a value to hold."""
        shape = (batch, self.bursts)
        widths = (uniform(shape, *self.length, generator) * length).round().clamp_(max=length - 1)
        starts = 1 + (uniform(shape, 0.0, 1.0, generator) * (length - widths)).floor()
        starts = torch.minimum(starts, length - widths)
        ends = starts + widths
        change = torch.ones_like(starts, dtype=torch.int32)
        begun = torch.zeros(batch, length + 1, dtype=torch.int32, device=generator.device)
        begun.scatter_add_(1, starts.long(), change).scatter_add_(1, ends.long(), -change)
        return begun.cumsum(1, dtype=torch.int32)[:, :-1] > 0

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        lost = self.draw(x.shape[0], x.shape[-1], generator)
        if self.fill == "zero":
            return x * lost.logical_not().unsqueeze(1).to(x.dtype)
        return hold(x, lost) if self.fill == "hold" else lose(x, lost)


def hold(x: Tensor, lost: Tensor) -> Tensor:
    """``x`` (B, C, T) with the last value before them in the place of ``lost`` ones (B, T)."""
    time = torch.arange(x.shape[-1], device=x.device)
    last = torch.where(lost, 0, time).cummax(-1).values
    return x.gather(2, last.unsqueeze(1).expand_as(x))


def lose(x: Tensor, lost: Tensor) -> Tensor:
    """``x`` (B, C, T) with NaN in the place of ``lost`` values (B, T)."""
    gaps = torch.zeros(lost.shape, dtype=x.dtype, device=x.device).masked_fill_(lost, torch.nan)
    return x + gaps.unsqueeze(1)  # masked_fill of all channels would take 6 times as long


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("drop-outs", DropOuts)
