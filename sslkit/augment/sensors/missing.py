"""Missing values: NaN stays where it is, and work that would spread it goes around it."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor


def may_miss(x: Tensor) -> bool:
    """Whether values of ``x`` are NaN; always True on a GPU, where the answer would have to be waited for."""
    return x.device.type != "cpu" or bool(x.sum().isnan())


def around_missing(work: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """``work(x)`` with straight lines over the gaps of ``x`` (B, C, T), which are gaps again afterwards."""
    if not may_miss(x):
        return work(x)
    missing = x.isnan()
    return work(fill_gaps(x, missing)).masked_fill(missing, torch.nan)


def fill_gaps(x: Tensor, missing: Tensor) -> Tensor:
    """``x`` (B, C, T) with straight lines over its gaps, the nearest value at the ends, 0 where all is missing."""
    length = x.shape[-1]
    time = torch.arange(length, device=x.device)
    before = torch.where(missing, -1, time).cummax(-1).values
    after = torch.where(missing, length, time).flip(-1).cummin(-1).values.flip(-1)
    first, last = torch.where(before < 0, after, before), torch.where(after == length, before, after)
    first, last = first.clamp_(0, length - 1), last.clamp_(0, length - 1)
    way = (time - first) / (last - first).clamp_(min=1)
    filled = x.gather(-1, first).lerp(x.gather(-1, last), way.to(x.dtype))
    return torch.where(missing, filled.nan_to_num(nan=0.0), x)


def deviation(x: Tensor) -> Tensor:
    """The standard deviation of each channel of each window ``(B, C, 1)``, of the values that are there."""
    x = x.float()
    if not may_miss(x):
        centred = x - x.mean(-1, keepdim=True)
        spread: Tensor = _norm(centred) / x.shape[-1] ** 0.5
        return spread
    missing = x.isnan()
    count = (~missing).sum(-1, keepdim=True).clamp_(min=1)
    mean = x.masked_fill(missing, 0.0).sum(-1, keepdim=True) / count
    centred = (x - mean).masked_fill(missing, 0.0)
    return _norm(centred) / count.sqrt()


def _norm(x: Tensor) -> Tensor:
    norm: Tensor = torch.linalg.vector_norm(x, dim=-1, keepdim=True)
    return norm


def extremes(x: Tensor) -> tuple[Tensor, Tensor]:
    """The lowest and the highest value of each channel of each window, both ``(B, C, 1)``, NaN left out."""
    if not may_miss(x):
        return x.amin(-1, keepdim=True), x.amax(-1, keepdim=True)
    missing = x.isnan()
    low = x.masked_fill(missing, torch.inf).amin(-1, keepdim=True)
    return low, x.masked_fill(missing, -torch.inf).amax(-1, keepdim=True)
