"""Mean and standard deviation of the training part, gathered batch by batch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import torch
from einops import rearrange
from torch import Tensor

from sslkit.errors import SSLKitError


def mean_and_std(
    batches: Iterable[Tensor], channels: Sequence[str] = (), missing: bool = False
) -> tuple[Tensor, Tensor]:
    """Mean and population standard deviation of each channel over ``(B, C, ...)`` batches.

    Sums are float64 and batches are merged by their means (Chan et al. 1983), so a large offset does not
    swallow a small spread. A channel whose spread is below float32's resolution of its mean is constant and
    gets std 1.

    Args:
        batches: decoded.
        channels: their names, for messages.
        missing: NaN is a missing value, and left out.

    Returns:
        Two float64 tensors ``(C,)``.

    Raises:
        SSLKitError: no samples, a channel with NaN (unless ``missing``) or infinite values, or without any value.
    """
    merged: tuple[Tensor, Tensor, Tensor] | None = None  # count, mean, sum of squares of each channel
    for batch in batches:
        batch = batch.cpu() if batch.device.type == "mps" else batch  # which has no float64
        values = rearrange(batch.detach(), "b c ... -> c (b ...)").double()
        present = ~values.isnan() if missing else torch.ones_like(values, dtype=torch.bool)
        new = present.sum(1).double()
        batch_mean = values.where(present, 0.0).sum(1) / new.clamp(min=1)
        _refuse_non_finite(batch_mean, channels)
        batch_squares = (values - batch_mean[:, None]).where(present, 0.0).square().sum(1)
        if merged is None:
            merged = (new, batch_mean, batch_squares)
            continue
        count, mean, squares = merged
        delta, total = batch_mean - mean, (count + new).clamp(min=1)
        squares = squares + batch_squares + delta.square() * (count * new / total)
        merged = (count + new, mean + delta * (new / total), squares)
    if merged is None or not merged[0].any():
        raise SSLKitError("the front end's statistics need samples, but the training part is empty.")
    count, mean, squares = merged
    _refuse_non_finite(torch.where(count > 0, mean, torch.nan), channels)
    std = (squares / count).sqrt()
    constant = std <= torch.finfo(torch.float32).eps * mean.abs()
    return mean, torch.where(constant, 1.0, std)


def _refuse_non_finite(mean: Tensor, channels: Sequence[str]) -> None:
    bad = (~mean.isfinite()).nonzero().flatten().tolist()
    if bad:
        named = ", ".join(f"{i} ({channels[i]})" if i < len(channels) else str(i) for i in bad)
        raise SSLKitError(
            f"channel {named} of the training part holds NaN or infinite values, so the front end has no "
            "mean and standard deviation for it. Fill or remove these samples, or leave the channel out."
        )
