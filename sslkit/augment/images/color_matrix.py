"""Colour jitter as one affine map of the colours of each image."""

from __future__ import annotations

import math

import torch
from einops import rearrange
from torch import Tensor

from sslkit.augment.images.base import luma
from sslkit.augment.images.color_draw import ColorJitterDraw


def matrix(x: Tensor, draw: ColorJitterDraw) -> Tensor:
    """``x`` (B, 3, H, W) with the steps of ``draw`` as one 3×4 matrix per image, cut to 0…1 at the end."""
    shown = draw.image.clamp(max=len(x) - 1)
    maps = colour_maps(x.mean((2, 3), dtype=torch.float32).index_select(0, shown), draw)
    maps = maps.index_select(0, draw.image.argsort()[: len(x)]).to(x.dtype)
    colours = torch.baddbmm(maps[:, :, 3:], maps[:, :, :3], rearrange(x, "b c h w -> b c (h w)"))
    return rearrange(colours, "b c (h w) -> b c h w", h=x.shape[2]).clamp_(0, 1)


def colour_maps(means: Tensor, draw: ColorJitterDraw) -> Tensor:
    """Affine maps ``(N, 3, 4)`` of RGB, constants last, of images with these mean colours ``(N, 3)``."""
    maps = torch.eye(3, 4, device=means.device).repeat(len(means), 1, 1)
    colour = torch.cat([means, torch.ones_like(means[:, :1])], dim=1).unsqueeze(2)
    for step in range(draw.steps):
        if draw.turns is not None:
            group = draw.group(step, len(maps))
            maps[group] = hue_rotations(draw.turns[group]) @ maps[group]
        if step < len(draw.blends):
            factor = rearrange(draw.factors[:, step], "n -> n 1 1")
            grey = luma(maps)
            maps *= factor
            if "saturation" in draw.blends:
                chosen = rearrange(draw.is_step(step, "saturation"), "n -> n 1 1")
                maps += grey * (1 - factor) * chosen
            if "contrast" in draw.blends:
                chosen = rearrange(draw.is_step(step, "contrast"), "n -> n 1 1")
                maps[:, :, 3:] += (grey @ colour) * (1 - factor) * chosen
    return maps


def hue_rotations(turns: Tensor) -> Tensor:
    """Rotations ``(N, 3, 3)`` of RGB about the grey axis; a third of a turn takes red to green, as in HSV."""
    angle = rearrange(turns * (2 * math.pi), "n -> n 1 1")
    cos, sin = angle.cos(), angle.sin()
    third = torch.full((3, 3), 1 / 3, device=turns.device)
    eye = torch.eye(3, device=turns.device)
    around = (eye.roll(1, 0) - eye.roll(-1, 0)) / math.sqrt(3)
    return cos * (eye - third) + third + sin * around
