"""Pictures that were stored as JPEG."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import torch
from pydantic import Field
from torch import Tensor

from sslkit.augment.draws import check_range
from sslkit.augment.images.base import ImageAugmentation
from sslkit.augment.images.jpeg_blocks import quantise_blocks, tables
from sslkit.augment.images.jpeg_color import chroma_halved, chroma_restored, rgb_from, ycbcr_from
from sslkit.hookspecs import hookimpl

if TYPE_CHECKING:
    from sslkit.registry import Registry

Quality = Annotated[int, Field(ge=1, le=100)]


class Jpeg(ImageAugmentation):
    """JPEG artefacts: blocks, ringing and bleeding colours of a random quality per image.

    All of the standard that loses something, and no coding: 8 bits per value, YCbCr, 8×8 cosine
    transforms, rounding with libjpeg's tables. Three channels are taken as RGB; of any other number each
    channel is stored as a grey image. Pillow's JPEG differs by 0.1 to 0.3 levels of 255 on average.

    Args:
        quality: as of libjpeg, uniform over the whole numbers of this range; 100 rounds to 8 bits only.
        subsampling: ``4:2:0`` halves the colours' resolution, as Pillow and most cameras do; ``4:4:4`` does not.

    Raises:
        SSLKitError: a range that is not within 1…100.

    Source: ITU-T T.81 (1992), annexes A and K; libjpeg's ``jpeg_quality_scaling``.
    """

    neutral = {"quality": (100, 100)}  # noqa: RUF012

    def __init__(
        self, quality: tuple[Quality, Quality] = (30, 95), subsampling: Literal["4:2:0", "4:4:4"] = "4:2:0"
    ) -> None:
        check_range("jpeg: quality", quality, 1, 100)
        self.quality, self.subsampling = quality, subsampling

    def draw(self, batch: int, generator: torch.Generator) -> Tensor:
        """Qualities ``(B,)``, whole numbers."""
        low, high = self.quality
        return torch.randint(low, high + 1, (batch,), generator=generator, device=generator.device)

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        luminance, chrominance = tables(self.draw(len(x), generator))
        levels = x.float().mul(255).round_()
        if x.shape[1] != 3:
            return quantise_blocks(levels, luminance).div_(255).to(x.dtype)
        ycbcr = ycbcr_from(levels)
        luma = quantise_blocks(ycbcr[:, :1], luminance)
        chroma = ycbcr[:, 1:]
        if self.subsampling == "4:2:0":
            halved = quantise_blocks(chroma_halved(chroma), chrominance)
            chroma = chroma_restored(halved, *x.shape[-2:])
        else:
            chroma = quantise_blocks(chroma, chrominance)
        return rgb_from(torch.cat([luma, chroma], dim=1)).div_(255).to(x.dtype)


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("jpeg", Jpeg)
