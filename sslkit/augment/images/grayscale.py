"""No colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor

from sslkit.augment.images.base import ImageAugmentation, luma
from sslkit.errors import SSLKitError
from sslkit.hookspecs import hookimpl
from sslkit.types import SampleSpec

if TYPE_CHECKING:
    from sslkit.registry import Registry


class Grayscale(ImageAugmentation):
    """RGB images made grey: all three channels get the luma of ITU-R 601. One of five by default.

    Raises:
        SSLKitError: by ``check``, on images that have not three channels.

    Source: Chen et al. 2020 (SimCLR), appendix A.
    """

    p = 0.2

    def check(self, spec: SampleSpec) -> None:
        super().check(spec)
        if spec.shape[0] != 3:
            raise SSLKitError(
                f"grayscale takes RGB images; these have {spec.shape[0]} channels. Leave it out."
            )

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        return luma(x).repeat(1, 3, 1, 1)


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("grayscale", Grayscale)
