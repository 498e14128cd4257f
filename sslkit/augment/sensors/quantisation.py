"""Coarse converters."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import torch
from einops import rearrange
from pydantic import Field
from torch import Tensor

from sslkit.augment.draws import check_range
from sslkit.augment.sensors.base import SensorAugmentation
from sslkit.hookspecs import hookimpl
from sslkit.types import Positive

if TYPE_CHECKING:
    from sslkit.registry import Registry


MOST_BITS = 24  # as many as float32 can tell apart
Bits = Annotated[int, Field(ge=1, le=MOST_BITS)]


class Quantisation(SensorAugmentation):
    """Values rounded to the steps of a converter of few bits, and clipped at the ends of its range.

    The converter is bipolar: 2^bits steps from -full_scale to just below full_scale, one of them at 0.

    Args:
        bits: uniform in this range of whole numbers, both ends included, one for each sample.
        full_scale: the converter's range in units of the channel's standard deviation.

    Raises:
        SSLKitError: a range that is not within 1…24.

    Source: the uniform quantiser (Widrow & Kollár 2008); tsaug's ``Quantize`` with levels of a converter.
    """

    neutral: ClassVar = {"bits": (MOST_BITS, MOST_BITS)}

    def __init__(self, bits: tuple[Bits, Bits] = (5, 8), full_scale: Positive = 6.0) -> None:
        check_range("quantisation: bits", bits, 1, MOST_BITS)
        self.bits, self.full_scale = bits, full_scale

    @classmethod
    def at_strength(cls, settings: Mapping[str, Any], strength: float) -> dict[str, Any]:
        """Twice the strength is twice the step: one bit less."""
        return {"bits": tuple(round(bits - math.log2(strength)) for bits in settings["bits"])}

    def draw(self, batch: int, generator: torch.Generator) -> Tensor:
        """Numbers of bits: int64 ``(B,)``."""
        low, high = self.bits
        return torch.randint(low, high + 1, (batch,), generator=generator, device=generator.device)

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        return quantise(x, self.draw(x.shape[0], generator), self.full_scale)


def quantise(x: Tensor, bits: Tensor, full_scale: float) -> Tensor:
    """``x`` (B, C, T) as converters of ``bits`` (B,) over ±full_scale read it."""
    half = rearrange(torch.exp2(bits.float() - 1), "b -> b 1 1")  # steps from 0 to full scale
    steps = (x.float() * (half / full_scale)).round_()
    torch.maximum(steps, -half, out=steps)  # clamp with tensors would take 3 times as long
    torch.minimum(steps, half - 1, out=steps)
    return steps.mul_(full_scale / half).to(x.dtype)


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("quantisation", Quantisation)
