"""Another frequency response."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import torch
from torch import Tensor

from sslkit.augment.draws import normal
from sslkit.augment.sensors.base import SensorAugmentation
from sslkit.augment.sensors.spectrum import filter_spectrum
from sslkit.hookspecs import hookimpl
from sslkit.types import Count, NonNegative

if TYPE_CHECKING:
    from sslkit.registry import Registry


class AmplitudePerturbation(SensorAugmentation):
    """Bands of frequencies made stronger or weaker, as another mounting or another path of the vibration
    would do.

    The spectrum without its constant part is divided into ``bands`` of equal width; each band of each
    sample is multiplied by one factor of N(1, sigma), at least 0, the same for all channels.

    Args:
        sigma: the factors' standard deviation.
        bands: the number of bands.

    Source: after the amplitude perturbation of CL-HAR (Qian et al. 2022), which adds N(0, 0.8) to
    the amplitudes, so that its effect depends on the window's length and scale.
    """

    neutral: ClassVar = {"sigma": 0.0}

    def __init__(self, sigma: NonNegative = 0.8, bands: Count = 8) -> None:
        self.sigma, self.bands = sigma, bands

    def shortest(self) -> int:
        return 2 * self.bands

    def draw(self, batch: int, generator: torch.Generator) -> Tensor:
        """Factors ``(B, bands)``."""
        return normal((batch, self.bands), 1.0, self.sigma, generator).clamp_(min=0.0)

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        return scale_bands(x, self.draw(x.shape[0], generator))


def scale_bands(x: Tensor, factors: Tensor) -> Tensor:
    """``x`` (B, C, T) with equal bands of its spectrum times ``factors`` (B, bands), low ones first."""
    bins = x.shape[-1] // 2
    band = torch.arange(bins, device=x.device) * factors.shape[1] // bins
    return filter_spectrum(x, torch.nn.functional.pad(factors[:, band], (1, 0), value=1.0))


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("amplitude-perturbation", AmplitudePerturbation)
