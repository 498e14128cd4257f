"""Which samples are looked at, where so many are there that a part of them answers as well."""

from __future__ import annotations

import numpy as np

from sslkit.data.quality import LOOKED_AT_BYTES
from sslkit.types import Part

RUN = 64  # samples in a row, so that neighbours are met together


def chosen_places(part: Part, rows: np.ndarray, of_bytes: int, limit: int | None = None) -> np.ndarray:
    """Places in a part that are looked at: all, or runs spread evenly over the rows of the source.

    Parts that are cut from one source are looked at in the same stretches of it, so that neighbours (overlapping
    windows, pictures taken one after the other) that were put into two parts are met.

    Args:
        part: its samples.
        rows: of each sample in the source's own part.
        of_bytes: of all samples among which is chosen; see ``bytes_of``.
        limit: bytes that are looked at, about (default: 512 MiB).
    """
    every = max(1, -(-of_bytes // (LOOKED_AT_BYTES if limit is None else limit)))
    places = np.flatnonzero((rows // RUN) % every == 0)
    return places if len(places) else np.arange(min(len(part), RUN))


def bytes_of(*parts: Part) -> int:
    """Of all their samples, as stored."""
    first = next((part for part in parts if len(part)), None)
    return 0 if first is None else first.x[np.arange(1)].nbytes * sum(map(len, parts))
