"""Windows read at other times: what warps, slices and crops have in common."""

from __future__ import annotations

import torch
from einops import repeat
from torch import Tensor


def read_at(x: Tensor, positions: Tensor) -> Tensor:
    """Linear interpolation of ``x`` (B, C, T) at ``positions`` (B, S), in samples 0…T-1, for all channels."""
    batch, channels, length = x.shape
    if length == 1:
        return x.expand(batch, channels, positions.shape[1]).clone()
    left = positions.floor().clamp_(0, length - 2)
    weight = (positions - left).to(x.dtype).unsqueeze(1)
    index = left.long()
    before, after = (repeat(i, "b s -> b c s", c=channels) for i in (index, index + 1))
    return x.gather(2, before).lerp_(x.gather(2, after), weight)


def read_span(x: Tensor, starts: Tensor, spans: Tensor) -> Tensor:
    """The stretch from ``starts`` to ``starts + spans`` (both (B,), in samples), as long as the window."""
    steps = torch.linspace(0, 1, x.shape[-1], device=x.device)
    return read_at(x, torch.addcmul(starts[:, None], spans[:, None], steps))
