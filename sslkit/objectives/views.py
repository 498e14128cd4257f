"""What every objective asks of its views."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

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
