"""JPEG's colours: RGB to YCbCr and back, and colours at half the resolution."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from einops import rearrange
from torch import Tensor

TO_YCBCR = ((0.299, 0.587, 0.114), (-0.168735892, -0.331264108, 0.5), (0.5, -0.418687589, -0.081312411))
TO_RGB = ((1.0, 0.0, 1.402), (1.0, -0.344136286, -0.714136286), (1.0, 1.772, 0.0))


def ycbcr_from(rgb: Tensor) -> Tensor:
    """Whole levels 0…255 ``(B, 3, H, W)`` → the same of Y, Cb and Cr."""
    middle = rgb.new_tensor([0.0, 128.0, 128.0]).unsqueeze(1)
    colours = torch.baddbmm(middle, rgb.new_tensor(TO_YCBCR).expand(len(rgb), -1, -1), _pixels(rgb))
    return rearrange(colours.round_().clamp_(0, 255), "b c (h w) -> b c h w", h=rgb.shape[2])


def rgb_from(ycbcr: Tensor) -> Tensor:
    """The way back, cut to whole levels 0…255."""
    matrix = ycbcr.new_tensor(TO_RGB)
    middle = -128 * matrix[:, 1:].sum(1, keepdim=True)
    colours = torch.baddbmm(middle, matrix.expand(len(ycbcr), -1, -1), _pixels(ycbcr))
    return rearrange(colours.round_().clamp_(0, 255), "b c (h w) -> b c h w", h=ycbcr.shape[2])


def _pixels(x: Tensor) -> Tensor:
    return rearrange(x, "b c h w -> b c (h w)")


def chroma_halved(chroma: Tensor) -> Tensor:
    """Means of 2×2 pixels; libjpeg rounds halves down and up in turn, column by column."""
    height, width = chroma.shape[-2:]
    missing = (0, -width % 16, 0, height % 2)  # as libjpeg: whole blocks of columns, pairs of rows
    means = F.avg_pool2d(F.pad(chroma, missing, mode="replicate") if any(missing) else chroma, 2)
    odd_columns = torch.arange(means.shape[-1], device=chroma.device) % 2
    return means.add_(0.25 + 0.25 * odd_columns).floor_()


def chroma_restored(chroma: Tensor, height: int, width: int) -> Tensor:
    """Twice as large with libjpeg's triangular filter, then cut to size; whole levels."""
    seen = chroma[:, :, : (height + 1) // 2, : (width + 1) // 2]
    doubled = F.interpolate(seen, scale_factor=2, mode="bilinear", align_corners=False)
    return doubled.round_()[:, :, :height, :width]
