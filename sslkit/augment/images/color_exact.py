"""Colour jitter as torchvision's adjust functions do it, for all images of a batch at once."""

from __future__ import annotations

import torch
from einops import rearrange
from torch import Tensor

from sslkit.augment.images.base import luma
from sslkit.augment.images.color_draw import ColorJitterDraw

CACHED = 2**20  # values of images in work at a time on a CPU, so that they stay in its cache


def exact(x: Tensor, draw: ColorJitterDraw) -> Tensor:
    """``x`` (B, C, H, W) with the steps of ``draw``, cut to 0…1 after each; hue needs C = 3."""
    result = x.new_empty(len(draw.image), *x.shape[1:])
    places = CACHED // x[0].numel() if x.device.type == "cpu" else len(draw.image)
    for part in draw.parts(places):
        images = x.index_select(0, part.image.clamp(max=len(x) - 1)).float()
        for step in range(part.steps):
            if part.turns is not None:
                group = part.group(step, len(images))
                turn_hue_(images[group], part.turns[group])
            if step < len(part.blends):
                blend_(images, part, step)
        result.index_copy_(0, part.image, images.to(x.dtype))
    return result[: len(x)]


def blend_(images: Tensor, draw: ColorJitterDraw, step: int) -> None:
    """Mix each image with black (brightness), its mean grey (contrast) or its greys (saturation), in place.

    All three are factor·v + (1 - factor)·target, so one pass does them for all images whichever is theirs.
    """
    factor = rearrange(draw.factors[:, step], "n -> n 1 1 1")
    target: Tensor | None = None
    if "contrast" in draw.blends or "saturation" in draw.blends:
        grey = luma(images) if images.shape[1] == 3 else images
        if "contrast" in draw.blends:
            chosen = rearrange(draw.is_step(step, "contrast"), "n -> n 1 1 1")
            target = grey.mean((2, 3), keepdim=True).mul_(chosen * (1 - factor))
        if "saturation" in draw.blends:
            chosen = rearrange(draw.is_step(step, "saturation"), "n -> n 1 1 1")
            grey.mul_(chosen * (1 - factor))
            target = grey if target is None else grey.add_(target)
    images.mul_(factor)
    if target is not None:
        images.add_(target)
    images.clamp_(0, 1)


def turn_hue_(images: Tensor, turns: Tensor) -> None:
    """Hue of RGB ``images`` (N, 3, H, W) turned by ``turns`` (N,) of the circle, in place.

    With hue h in 0…6, channel n of HSV → RGB is value - chroma·w with w = 2 - (distance of h from the
    opposite of n on the circle of 6) cut to 0…1. No value is compared and no branch taken: masks are
    signs, the circle is closed by absolute values.
    """
    red, green, blue = images.unbind(1)
    value = torch.maximum(red, green).maximum(blue)
    chroma = value - torch.minimum(red, green).minimum(blue)
    not_red, not_green = (value - red).sign_(), (value - green).sign_()
    # chroma·h is green - blue, 2·chroma + blue - red or 4·chroma + red - green: red, green or blue is largest
    base = (images.sum(1)).neg_().add_(chroma, alpha=2)
    hue = (base + 3 * red).mul_(not_green).add_(base).add_(blue, alpha=3)
    hue.mul_(not_red).add_(green).sub_(blue)
    hue.div_(chroma.clamp(min=1e-20)).add_(rearrange(turns, "n -> n 1 1") * 6)
    for channel, opposite in zip(images.unbind(1), (3, 5, 1), strict=True):
        # hue is in -4…8: |3 - |3 - |hue - opposite||| is the way round the circle
        distance = (hue - opposite).abs_().sub_(3).abs_().sub_(3).abs_()
        torch.addcmul(value, distance.neg_().add_(2).clamp_(0, 1), chroma, value=-1, out=channel)
