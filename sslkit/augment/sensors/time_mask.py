"""Drop-outs."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import torch
from torch import Tensor

from sslkit.augment.draws import check_range, uniform
from sslkit.augment.sensors.base import SensorAugmentation
from sslkit.hookspecs import hookimpl
from sslkit.types import Probability

if TYPE_CHECKING:
    from sslkit.registry import Registry


class TimeMask(SensorAugmentation):
    """A stretch at a random place set to 0, which is the mean, on all channels.

    Args:
        width: the stretch's length as a fraction of the window's, uniform in this range, rounded to whole
        samples.

    Raises:
        SSLKitError: a range that is not within 0…1.
    """

    neutral: ClassVar = {"width": (0.0, 0.0)}

    def __init__(self, width: tuple[Probability, Probability] = (0.05, 0.25)) -> None:
        check_range("time-mask: width", width, 0.0, 1.0)
        self.width = width

    def draw(self, batch: int, length: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """First samples and lengths of the stretches, whole numbers: both ``(B,)``."""
        widths = (uniform(batch, *self.width, generator) * length).round()
        starts = (uniform(batch, 0.0, 1.0, generator) * (length - widths + 1)).floor()
        return torch.minimum(starts, length - widths), widths

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        return mask_time(x, *self.draw(x.shape[0], x.shape[-1], generator))


def mask_time(x: Tensor, starts: Tensor, widths: Tensor) -> Tensor:
    """``x`` (B, C, T) with ``widths`` samples from ``starts`` on set to 0."""
    half = ((widths - 1) / 2)[:, None]
    time = torch.arange(x.shape[-1], dtype=torch.float32, device=x.device)
    kept = (time - (starts[:, None] + half)).abs_() > half
    return x * kept.unsqueeze(1).to(x.dtype)  # masked_fill would take 6 times as long


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("time-mask", TimeMask)
