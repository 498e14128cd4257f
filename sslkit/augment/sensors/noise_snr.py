"""Noise measured against the signal."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import torch
from einops import rearrange
from pydantic import Field
from torch import Tensor

from sslkit.augment.draws import check_range, uniform
from sslkit.augment.sensors.base import SensorAugmentation
from sslkit.augment.sensors.missing import deviation
from sslkit.hookspecs import hookimpl

if TYPE_CHECKING:
    from sslkit.registry import Registry


QUIETEST, LOUDEST = 120.0, -60.0  # dB: no noise that float32 could hold, and nothing but noise
SignalToNoise = Annotated[float, Field(ge=LOUDEST, le=QUIETEST)]


class NoiseSNR(SensorAugmentation):
    """White Gaussian noise at a random signal-to-noise ratio, for each channel against its own signal.

    The signal's power is the variance of the channel within the window, so that a constant part (gravity, a
    set point) does not count and a dead channel stays dead. ``jitter`` adds the same noise to all windows;
    this adds more to strong ones.

    Args:
        snr_db: the ratio in decibels, uniform in this range, one for each sample; 120 is no noise.

    Raises:
        SSLKitError: a range that is not within -60…120.

    Source: the noise tests of bearing diagnosis (Zhang et al. 2017, WDCNN: -4…10 dB); the range is that of
    audiomentations' ``AddGaussianSNR`` (5…40 dB), a little narrower.
    """

    neutral: ClassVar = {"snr_db": (QUIETEST, QUIETEST)}

    def __init__(self, snr_db: tuple[SignalToNoise, SignalToNoise] = (10.0, 30.0)) -> None:
        check_range("noise-snr: snr_db", snr_db, LOUDEST, QUIETEST)
        self.snr_db = snr_db

    @classmethod
    def at_strength(cls, settings: Mapping[str, Any], strength: float) -> dict[str, Any]:
        """Twice the strength is twice the noise's amplitude: 6 dB less."""
        shift = 20 * math.log10(strength)
        return {"snr_db": tuple(ratio - shift for ratio in settings["snr_db"])}

    def draw(self, batch: int, generator: torch.Generator) -> Tensor:
        """Ratios in decibels ``(B,)``."""
        return uniform(batch, *self.snr_db, generator)

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        ratios = 10 ** (self.draw(x.shape[0], generator) / -20)
        sigma = deviation(x) * rearrange(ratios, "b -> b 1 1")
        noise = torch.randn(x.shape, generator=generator, device=x.device, dtype=x.dtype)
        return torch.addcmul(x, noise, sigma.to(x.dtype))


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("noise-snr", NoiseSNR)
