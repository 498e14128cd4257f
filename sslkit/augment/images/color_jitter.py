"""Other light and other colours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import torch
from pydantic import Field
from torch import Tensor

from sslkit.augment.images.base import ImageAugmentation
from sslkit.augment.images.color_draw import BLENDS, ColorJitterDraw
from sslkit.augment.images.color_exact import exact
from sslkit.augment.images.color_matrix import matrix
from sslkit.errors import SSLKitError
from sslkit.hookspecs import hookimpl
from sslkit.types import NonNegative, SampleSpec

if TYPE_CHECKING:
    from sslkit.registry import Registry


class ColorJitter(ImageAugmentation):
    """Random brightness, contrast, saturation and hue, in an order of its own for each image.

    Factors of brightness, contrast and saturation are uniform in max(0, 1 - s)…1 + s for the setting s,
    the hue turns by -hue…hue of a full circle. ``exact`` equals torchvision's adjust functions: values
    are cut to 0…1 after each step and hue turns in HSV. ``matrix`` makes one 3×4 colour matrix per image
    of all steps, with hue turning about the grey axis and one cut at the end: several times faster and a
    little different.

    Images that have not three channels take brightness and contrast only, one factor for all channels;
    contrast stretches each channel about its own mean, and ``method`` makes no difference.

    Args:
        brightness: 0 leaves it out, as for the others.
        contrast: about the image's mean grey.
        saturation: RGB only.
        hue: RGB only; 0.5 is half the circle.
        method: ``exact`` or ``matrix``.

    Raises:
        SSLKitError: by ``check``, on saturation or hue above 0 where images have not three channels.

    Source: Chen et al. 2020 (SimCLR), appendix A.
    """

    p = 0.8
    neutral = {"brightness": 0.0, "contrast": 0.0, "saturation": 0.0, "hue": 0.0}  # noqa: RUF012

    def __init__(
        self,
        brightness: NonNegative = 0.8,
        contrast: NonNegative = 0.8,
        saturation: NonNegative = 0.8,
        hue: Annotated[float, Field(ge=0, le=0.5)] = 0.2,
        method: Literal["exact", "matrix"] = "exact",
    ) -> None:
        self.strengths = dict(zip(BLENDS, (brightness, contrast, saturation), strict=True))
        self.hue = hue
        self.method = method

    def check(self, spec: SampleSpec) -> None:
        super().check(spec)
        if spec.shape[0] != 3 and (self.strengths["saturation"] > 0 or self.hue > 0):
            raise SSLKitError(
                f"color-jitter: saturation and hue need RGB images; these have {spec.shape[0]} channels. "
                "Set saturation and hue to 0: brightness and contrast take any number of channels."
            )

    def draw(self, batch: int, generator: torch.Generator) -> ColorJitterDraw:
        """Factors and orders of all images."""
        return ColorJitterDraw.random(batch, self.strengths, self.hue, generator)

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        draw = self.draw(len(x), generator)
        return matrix(x, draw) if self.method == "matrix" and x.shape[1] == 3 else exact(x, draw)


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("color-jitter", ColorJitter)
