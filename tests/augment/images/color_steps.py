"""What the tests of colour jitter share: torchvision's adjustments, images, and a draw read image by image."""

from __future__ import annotations

import torch
from torch import Tensor
from torchvision.transforms.v2 import functional as F

from sslkit.augment.images.color_draw import ColorJitterDraw

ADJUST = {
    "brightness": F.adjust_brightness,
    "contrast": F.adjust_contrast,
    "saturation": F.adjust_saturation,
    "hue": F.adjust_hue,
}


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def colours(batch: int, *shape: int) -> Tensor:
    """Random images with greys, primaries and ties of two channels among their pixels."""
    x = torch.rand(batch, *shape, generator=seeded(7))
    x[:, :, 0] = x[:, :1, 0]
    x[:, :, 1] = x[:, :, 1].round()
    x[:, 1, 2] = x[:, 0, 2]
    return x


def steps(draw: ColorJitterDraw, batch: int) -> list[list[tuple[str, float]]]:
    """The steps of each image in order, read from the draw's places."""
    found: list = [None] * batch
    for place, image in enumerate(draw.image.tolist()):
        if image >= batch:
            continue
        assert found[image] is None
        blends = zip(draw.order[place].tolist(), draw.factors[place].tolist(), strict=True)
        sequence = [(draw.blends[blend], factor) for blend, factor in blends]
        if draw.turns is not None:
            group = place // (len(draw.image) // draw.groups)
            sequence.insert(group, ("hue", draw.turns[place].item()))
        found[image] = sequence
    assert None not in found
    return found
