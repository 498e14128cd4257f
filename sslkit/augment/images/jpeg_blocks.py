"""JPEG's 8×8 blocks: cosine transform, rounding by the tables of a quality, and back."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from einops import rearrange
from torch import Tensor

SIDE = 8
NUDGE = 1e-5  # moves a half over the edge, and nothing else
LUMINANCE = (
    (16, 11, 10, 16, 24, 40, 51, 61),
    (12, 12, 14, 19, 26, 58, 60, 55),
    (14, 13, 16, 24, 40, 57, 69, 56),
    (14, 17, 22, 29, 51, 87, 80, 62),
    (18, 22, 37, 56, 68, 109, 103, 77),
    (24, 35, 55, 64, 81, 104, 113, 92),
    (49, 64, 78, 87, 103, 121, 120, 101),
    (72, 92, 95, 98, 112, 100, 103, 99),
)
CHROMINANCE = (
    (17, 18, 24, 47, 99, 99, 99, 99),
    (18, 21, 26, 66, 99, 99, 99, 99),
    (24, 26, 56, 99, 99, 99, 99, 99),
    (47, 66, 99, 99, 99, 99, 99, 99),
    *((99,) * SIDE,) * 4,
)


def tables(quality: Tensor) -> tuple[Tensor, Tensor]:
    """Steps of luminance and of chrominance for qualities ``(B,)`` of whole numbers 1…100: both ``(B, 64)``."""
    quality = quality.float().unsqueeze(1)
    percent = torch.where(quality < 50, (5000 / quality).floor_(), 200 - 2 * quality)
    base = torch.tensor([LUMINANCE, CHROMINANCE], dtype=torch.float32, device=quality.device)
    luminance, chrominance = (
        ((table * percent + 50) / 100).floor_().clamp_(1, 255)
        for table in rearrange(base, "n i j -> n (i j)")
    )
    return luminance, chrominance


def quantise_blocks(levels: Tensor, steps: Tensor) -> Tensor:
    """Levels 0…255 ``(B, C, H, W)`` after storing with ``steps`` (B, 64); edges are repeated to whole blocks.

    The transform of both axes is one product with a 64×64 matrix.
    """
    height, width = levels.shape[-2:]
    padded = F.pad(levels, (0, -width % SIDE, 0, -height % SIDE), mode="replicate")
    rows, columns = padded.shape[2] // SIDE, padded.shape[3] // SIDE
    blocks = rearrange(padded, "b c (row i) (column j) -> b (c row column) (i j)", i=SIDE, j=SIDE)
    transform = cosines(levels.device)
    steps = steps.unsqueeze(1)
    # libjpeg's coefficients are whole eighths, so halves are common; it rounds them away from zero
    eighths = ((blocks - 128) @ (8 * transform.T)).round_()
    rounded = eighths.mul_((1 + NUDGE) / (8 * steps)).round_().mul_(steps)
    restored = (rounded @ transform).add_(128).round_().clamp_(0, 255)
    whole = rearrange(
        restored, "b (c row column) (i j) -> b c (row i) (column j)", row=rows, column=columns, i=SIDE
    )
    return whole[:, :, :height, :width]


def cosines(device: torch.device) -> Tensor:
    """The orthonormal cosine transform of 8×8 blocks as a matrix ``(64, 64)``: coefficients from values."""
    places = torch.arange(SIDE, device=device)
    line = (math.pi / SIDE * places.unsqueeze(1) * (places + 0.5)).cos() * math.sqrt(2 / SIDE)
    line[0] *= math.sqrt(0.5)
    return torch.kron(line, line)
