"""Checks of the sample's shape that backbones share."""

from __future__ import annotations

from collections.abc import Sequence

from sslkit.errors import SSLKitError

AXES = {2: "(channels, time)", 3: "(channels, height, width) or (1, mels, frames)"}


def require_axes(backbone: str, shape: Sequence[int], sample_ndim: int) -> None:
    """Refuse samples of another number of axes, or with an empty axis.

    Raises:
        SSLKitError: naming the backbone, what it takes and what it got.
    """
    if len(shape) != sample_ndim or min(shape) < 1:
        raise SSLKitError(
            f"backbone {backbone} takes samples {AXES[sample_ndim]}, but after the front end they have shape "
            f"{tuple(shape)}. Choose a backbone for {len(shape)} axes, or another front end (audio: log-mel)."
        )
