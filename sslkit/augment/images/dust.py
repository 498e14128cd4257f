"""Specks on the lens or on the part."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import torch
from einops import rearrange
from pydantic import Field
from torch import Tensor

from sslkit.augment.draws import check_range, uniform
from sslkit.augment.images.base import ImageAugmentation
from sslkit.hookspecs import hookimpl
from sslkit.types import Probability

if TYPE_CHECKING:
    from sslkit.registry import Registry

Specks = Annotated[int, Field(ge=0, le=1000)]
SpeckRadius = Annotated[float, Field(ge=0, le=16)]


class Dust(ImageAugmentation):
    """Dust: up to ``specks`` small soft specks, dark in one image and bright in another.

    Each speck has a place, a radius and an opacity of its own; where two meet, the denser one counts. Unlike
    ``occlusion`` it hides little and does not hide it fully. Images get 0 to ``specks`` of them.

    Args:
        specks: the largest number of specks.
        radius: of a speck in pixels, uniform in this range; its edge is one pixel wide.
        opacity: of a speck, uniform from 0 to this.

    Raises:
        SSLKitError: a radius range that is not within 0…16.

    Source: Willson et al. 2005, An optical model for image artifacts produced by dust particles on lenses:
    specks take a share of the light.
    """

    p = 0.5
    neutral = {"specks": 0}  # noqa: RUF012

    def __init__(
        self,
        specks: Specks = 10,
        radius: tuple[SpeckRadius, SpeckRadius] = (0.3, 1.5),
        opacity: Probability = 0.8,
    ) -> None:
        check_range("dust: radius", radius, 0.0, 16.0)
        self.specks, self.radius, self.opacity = specks, radius, opacity

    def draw(self, batch: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Specks ``(4, B, N)``: places as shares of height and width, radii, opacities (0: none); shades ``(B,)``."""
        shape = (batch, self.specks)
        places = uniform((2, *shape), 0, 1, generator)
        radius = uniform(shape, *self.radius, generator)
        opacity = uniform(shape, 0, self.opacity, generator)
        count = torch.randint(self.specks + 1, (batch, 1), generator=generator, device=generator.device)
        opacity *= torch.arange(self.specks, device=generator.device) < count
        shade = torch.randint(2, (batch,), generator=generator, device=generator.device).float()
        return torch.stack([*places, radius, opacity]), shade

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        specks, shade = self.draw(len(x), generator)
        height, width = x.shape[-2:]
        cover = speck_cover(specks, height, width, reach=int(self.radius[1] + 1.5))
        return x.float().lerp(rearrange(shade, "b -> b 1 1 1"), cover).clamp_(0, 1).to(x.dtype)


def speck_cover(specks: Tensor, height: int, width: int, reach: int) -> Tensor:
    """How much the specks hide of each pixel ``(B, 1, H, W)``: small stamps, the largest share where they meet."""
    down, right, radius, opacity = specks
    down, right = down * height, right * width
    offsets = torch.arange(-reach, reach + 1, device=specks.device)
    rows = rearrange(down.floor().long(), "b n -> b n 1 1") + rearrange(offsets, "h -> h 1")
    columns = rearrange(right.floor().long(), "b n -> b n 1 1") + offsets
    distance = torch.hypot(rows + 0.5 - down[..., None, None], columns + 0.5 - right[..., None, None])
    shares = (radius[..., None, None] + 0.5 - distance).clamp_(0, 1) * opacity[..., None, None]
    shares *= (rows >= 0) & (rows < height) & (columns >= 0) & (columns < width)
    places = rows.clamp(0, height - 1) * width + columns.clamp(0, width - 1)
    cover = torch.zeros(specks.shape[1], height * width, device=specks.device)
    stamped = "b n h w -> b (n h w)"
    cover.scatter_reduce_(1, rearrange(places, stamped), rearrange(shares, stamped), "amax")
    return rearrange(cover, "b (h w) -> b 1 h w", h=height)


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("dust", Dust)
