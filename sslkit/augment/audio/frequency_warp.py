"""A longer or shorter vocal tract."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, ClassVar

import torch
from pydantic import Field
from torch import Tensor

from sslkit.augment.audio.base import SpectrogramAugmentation
from sslkit.augment.draws import check_range, uniform
from sslkit.augment.rows import between_rows, weighted_rows
from sslkit.errors import SSLKitError
from sslkit.hookspecs import hookimpl
from sslkit.types import NonNegative, Positive

if TYPE_CHECKING:
    from sslkit.registry import Registry

BOUNDARY = 0.6  # of the highest frequency: 4800 of 8000 Hz in the paper
Factor = Annotated[float, Field(ge=0.5, le=1.6)]


class FrequencyWarp(SpectrogramAugmentation):
    """Log-mel spectrograms with formants moved as if another speaker's vocal tract had made them (VTLP).

    Each band reads from the frequency that the warp gives its centre, interpolated between bands. A factor
    a > 1 reads from higher frequencies, so formants move down. Frequencies are multiplied with a up to
    about 0.6 of the highest, and from there a straight line leads to the highest, which stays.

    Args:
        factor: a, uniform in this range.
        f_min_hz: lower edge of the lowest band, as in the front end.
        f_max_hz: upper edge of the highest band, as in the front end.

    Raises:
        SSLKitError: a range with its larger end first.

    Source: Jaitly & Hinton 2013, section 3.
    """

    neutral: ClassVar = {"factor": (1.0, 1.0)}

    def __init__(
        self,
        factor: tuple[Factor, Factor] = (0.9, 1.1),
        f_min_hz: NonNegative = 60.0,
        f_max_hz: Positive = 7800.0,
    ) -> None:
        check_range("frequency-warp: factor", factor)
        if f_min_hz >= f_max_hz:
            raise SSLKitError(
                f"frequency-warp: f_min_hz {f_min_hz:g} is not below f_max_hz {f_max_hz:g}; give the front end's."
            )
        self.factor, self.f_min_hz, self.f_max_hz = factor, f_min_hz, f_max_hz

    def draw(self, batch: int, generator: torch.Generator) -> Tensor:
        """Factors ``(B,)``."""
        return uniform(batch, *self.factor, generator)

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        return warp(x, self.draw(x.shape[0], generator), self.f_min_hz, self.f_max_hz)


def warp(x: Tensor, factors: Tensor, f_min_hz: float, f_max_hz: float) -> Tensor:
    """``x`` (B, C, F, T) of HTK mel bands warped by ``factors`` (B,)."""
    bands = x.shape[2]
    low, high = (math.log1p(f / 700) for f in (f_min_hz, f_max_hz))
    centres = torch.linspace(low, high, bands + 2, device=x.device)[1:-1].expm1_().mul_(700)
    knees = BOUNDARY * f_max_hz * factors.clamp(max=1)[:, None]  # where the line begins, after the warp
    slopes = (f_max_hz - knees) / (f_max_hz - knees / factors[:, None])
    scaled = centres * factors[:, None]
    warped = torch.where(scaled <= knees, scaled, f_max_hz - slopes * (f_max_hz - centres))
    places = warped.div_(700).log1p_().sub_(low).mul_((bands + 1) / (high - low)).sub_(1).clamp_(0, bands - 1)
    return weighted_rows(x.float(), *between_rows(places, bands)).to(x.dtype)


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("frequency-warp", FrequencyWarp)
