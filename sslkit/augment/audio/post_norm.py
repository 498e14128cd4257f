"""Statistics that augmentations have moved, put right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor

from sslkit.augment.audio.base import SpectrogramAugmentation
from sslkit.hookspecs import hookimpl

if TYPE_CHECKING:
    from sslkit.registry import Registry

EPSILON = 1e-6


class PostNorm(SpectrogramAugmentation):
    """A batch of spectrograms brought back to mean 0 and standard deviation 1, after augmentations that
    moved them.

    One mean and one standard deviation for the whole batch of a view (not for each sample, nor over both
    views as in BYOL-A's first version). Nothing is drawn. With ``p`` below 1 only the chosen samples count
    and are changed.

    Source: Niizumi et al. 2021 (BYOL-A), post-normalisation.
    """

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        values = x.float()
        spread, mean = torch.std_mean(values, correction=0)
        return ((values - mean) / spread.clamp(min=EPSILON)).to(x.dtype)


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("post-norm", PostNorm)
