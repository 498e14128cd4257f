"""Pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from einops import rearrange
from torch import Tensor
from torch.nn import functional

from sslkit.hookspecs import hookimpl
from sslkit.types import Modality, SampleSpec

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sslkit.registry import Registry

SIDE = 32


class Image(Modality):
    """Pictures ``(C, H, W)`` of any size and number of channels, 0 … 1."""

    defaults = {"views": "simclr-small", "frontend": "standardise", "backbone": "small-conv"}  # noqa: RUF012

    def handcrafted(self, x: Tensor, spec: SampleSpec) -> Tensor:
        """The pixels ``(B, C·h·w)``; sides above 32 are averaged down to 32."""
        size = [min(side, SIDE) for side in x.shape[-2:]]
        return rearrange(functional.interpolate(x, size=size, mode="area"), "b c h w -> b (c h w)")

    def draw(self, axes: Axes, sample: Tensor, spec: SampleSpec) -> None:
        """Grey for one channel, colour for three, the mean of two, the first three of more.

        Values outside 0 … 1 (after a front end) are stretched to that range.
        """
        picture = sample.detach().float().cpu()
        if picture.shape[0] == 2:
            picture = picture.mean(dim=0, keepdim=True)
        picture = _to_unit_range(picture[:3] if picture.shape[0] > 2 else picture)
        axes.imshow(rearrange(picture, "c h w -> h w c").numpy(), cmap="gray", vmin=0, vmax=1)
        axes.set_axis_off()


def _to_unit_range(picture: Tensor) -> Tensor:
    low, high = torch.aminmax(picture)
    if low >= 0 and high <= 1:
        return picture
    return (picture - low) / (high - low).clamp(min=1e-12)


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("image", Image)
