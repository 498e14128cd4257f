"""Too small a measuring range."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

import torch
from einops import rearrange
from pydantic import Field
from torch import Tensor

from sslkit.augment.draws import check_range, uniform
from sslkit.augment.sensors.base import SensorAugmentation
from sslkit.augment.sensors.missing import extremes
from sslkit.hookspecs import hookimpl

if TYPE_CHECKING:
    from sslkit.registry import Registry


LOWEST = 0.05  # less would leave a constant
Level = Annotated[float, Field(ge=LOWEST, le=1)]


class Saturation(SensorAugmentation):
    """Peaks cut off at both ends, as a sensor or amplifier with too small a range does.

    Each channel is clipped to the middle part of its own range within the window.

    Args:
        level: that part as a fraction of the range, uniform here, one for each sample; 1 changes nothing.

    Raises:
        SSLKitError: a range that is not within 0.05…1.

    Source: clipping distortion as of audiomentations' ``ClippingDistortion``, by the range instead of
    percentiles: what a converter clips depends on its limits and not on how often they are reached.
    """

    neutral: ClassVar = {"level": (1.0, 1.0)}

    def __init__(self, level: tuple[Level, Level] = (0.6, 1.0)) -> None:
        check_range("saturation: level", level, LOWEST, 1.0)
        self.level = level

    def draw(self, batch: int, generator: torch.Generator) -> Tensor:
        """Parts of the range ``(B,)``."""
        return uniform(batch, *self.level, generator)

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        return saturate(x, self.draw(x.shape[0], generator))


def saturate(x: Tensor, levels: Tensor) -> Tensor:
    """``x`` (B, C, T) clipped to the middle ``levels`` (B,) of each channel's range within the window."""
    low, high = extremes(x)
    cut = (high - low) * rearrange((1 - levels) / 2, "b -> b 1 1").to(x.dtype)
    clipped = torch.minimum(x, high - cut)
    return torch.maximum(clipped, low + cut, out=clipped)  # clamp with tensors would take 3 times as long


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("saturation", Saturation)
