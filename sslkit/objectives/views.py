"""What every objective asks of its views, and says of its projections."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional as F

from sslkit.errors import SSLKitError


def check_views(objective: str, views: Sequence[Tensor], n_views: int) -> None:
    """Raise ``SSLKitError`` unless there are ``n_views`` non-empty views of the same samples."""
    if len(views) != n_views:
        raise SSLKitError(
            f"{objective} takes {n_views} views of a batch and got {len(views)}: "
            f"give one pipeline for all views, or {n_views}."
        )
    sizes = [len(view) for view in views]
    if min(sizes) == 0 or len(set(sizes)) > 1:
        raise SSLKitError(
            f"{objective}: the views must be of the same samples, at least one; they hold {sizes} samples."
        )


def unit_rows(x: Tensor) -> Tensor:
    """Rows ``(B, D)`` at length 1, in float32 at least."""
    return F.normalize(x.to(torch.promote_types(x.dtype, torch.float32)), dim=1)


def spread(projection: Tensor) -> Tensor:
    """Deviation of unit vectors ``(B, D)`` per dimension, times √D: about 1 on a full sphere, 0 if alike."""
    with torch.autocast(projection.device.type, enabled=False):
        deviation = unit_rows(projection).std(dim=0, correction=0).mean()
        scaled: Tensor = deviation * projection.shape[1] ** 0.5
        return scaled
