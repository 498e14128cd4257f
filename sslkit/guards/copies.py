"""Exact copies across parts, by hash."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from einops import rearrange
from torch import Tensor


def sample_hashes(raw: Tensor) -> list[bytes]:
    """A hash of each raw sample ``(B, *shape)``, 16 bytes."""
    rows = rearrange(np.ascontiguousarray(raw.numpy()), "b ... -> b (...)")
    return [hashlib.blake2b(row.tobytes(), digest_size=16).digest() for row in rows]


def matching_hashes(wanted: Sequence[bytes], known: Sequence[bytes]) -> tuple[np.ndarray, np.ndarray]:
    """Places in ``wanted`` whose hash is in ``known`` too, and the first place there."""
    place: dict[bytes, int] = {}
    for index, digest in enumerate(known):
        place.setdefault(digest, index)
    pairs = [(index, place[digest]) for index, digest in enumerate(wanted) if digest in place]
    found = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return found[:, 0], found[:, 1]
