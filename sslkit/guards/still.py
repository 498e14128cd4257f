"""Windows in which nothing happens (recordings that stand still, digital silence): alike by nature, and no leak."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from sslkit.guards.findings import Finding
from sslkit.types import SampleSpec

MOST_EQUAL = 0.5  # share of samples that may be one and the same
QUIET = 0.02  # of a channel's spread over the training part: what changes less within a window is as good as still


def still_windows(raw: Tensor, spec: SampleSpec) -> np.ndarray:
    """Which raw signals ``(B, C, T)`` or ``(B, T)`` never change in any channel; pictures are never still."""
    if len(spec.shape) > 2 or raw.shape[-1] < 2:
        return np.zeros(len(raw), dtype=bool)
    known = torch.nan_to_num(raw) if raw.is_floating_point() else raw
    return np.asarray((known == known[..., :1]).flatten(1).all(dim=1).numpy())


def quiet_windows(features: Tensor) -> np.ndarray:
    """Which windows after the front end ``(B, C, T)``, in standard deviations of the training part, hardly change."""
    if features.ndim != 3 or features.shape[-1] < 2:
        return np.zeros(len(features), dtype=bool)
    spread = torch.nan_to_num(features.float()).std(dim=2).amax(dim=1)
    return np.asarray((spread < QUIET).numpy())


def equal_finding(hashes: Sequence[bytes], still: np.ndarray, pictures: bool) -> list[Finding]:
    """Samples that are all one and the same, though not still: they were read wrongly, and are no leak.

    Args:
        hashes: of the samples of all parts.
        still: which of them never change.
        pictures: what to ask.
    """
    moving = [digest for digest, is_still in zip(hashes, still.tolist(), strict=True) if not is_still]
    if len(moving) < 2:
        return []
    count = Counter(moving).most_common(1)[0][1]
    if count <= MOST_EQUAL * len(moving):
        return []
    ask = (
        "Is the depth right (bits, range), and are these the pictures?"
        if pictures
        else "Is it the right file?"
    )
    text = f"{count:,} of {len(moving):,} samples are equal: there is nothing to learn from them. {ask}"
    return [Finding("equal", text, True, count, len(moving))]


def still_finding(names: Sequence[str], still: Sequence[np.ndarray]) -> list[Finding]:
    """How many windows of each part never change."""
    counts = [int(one.sum()) for one in still]
    if not any(counts):
        return []
    total = sum(map(len, still))
    listed = ", ".join(f"{name} {count}" for name, count in zip(names, counts, strict=True) if count)
    text = (
        f"{sum(counts)} of {total} windows never change ({listed}): recordings that stand still, dead sensors or "
        "digital silence. They are equal by nature, and left out where copies, near-copies and overlaps are looked for."
    )
    return [Finding("still", text, False, sum(counts), total)]
