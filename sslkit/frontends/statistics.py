"""Mean and standard deviation of the training part, gathered batch by batch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import torch
from torch import Tensor

from sslkit.errors import SSLKitError


def mean_and_std(batches: Iterable[Tensor], channels: Sequence[str] = ()) -> tuple[Tensor, Tensor]:
    """Mean and population standard deviation of each channel over ``(B, C, ...)`` batches.

    Sums are float64 and batches are merged by their means (Chan et al. 1983), so a large offset does not
    swallow a small spread. A channel whose spread is below float32's resolution of its mean is constant and
    gets std 1.

    Returns:
        Two float64 tensors ``(C,)``.

    Raises:
        SSLKitError: no samples, or a channel (named as in ``channels``) with NaN or infinite values.
    """
    count = 0
    mean = squares = torch.zeros(())
    for batch in batches:
        values = batch.detach().transpose(0, 1).flatten(1).double()
        new = values.shape[1]
        if new == 0:
            continue
        batch_mean = values.mean(1)
        _refuse_non_finite(batch_mean, channels)
        batch_squares = (values - batch_mean[:, None]).square().sum(1)
        if count == 0:
            mean, squares = batch_mean, batch_squares
        else:
            delta = batch_mean - mean
            mean = mean + delta * (new / (count + new))
            squares = squares + batch_squares + delta.square() * (count * new / (count + new))
        count += new
    if count == 0:
        raise SSLKitError("the front end's statistics need samples, but the training part is empty.")
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
