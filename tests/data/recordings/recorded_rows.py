"""Rows of a file, as tests need them."""

from __future__ import annotations

from typing import Any

import numpy as np

from sslkit.data.recordings.recorded import Recorded
from sslkit.data.recordings.settings import Settings


def rows(count: int, name: str = "a.csv", **changes: Any) -> Recorded:
    """One recording with a counter and its square as channels."""
    text = np.full(count, "", dtype=str)
    values = np.stack([np.arange(count, dtype=np.float64), np.arange(count) ** 2.0])
    known: dict[str, Any] = {
        "name": name,
        "where": f"/data/{name}",
        "values": values,
        "recordings": np.zeros(count, dtype=np.int64),
        "recording_names": (name,),
        "labels": text,
        "groups": text,
        "parts": np.zeros(count, dtype=np.int64),
        "begins": np.zeros(count - 1, dtype=bool),
        "gaps": np.zeros(count - 1, dtype=bool),
        "seconds": None,
        "begin": 0,
        "line": lambda row: row + 2,
    }
    return Recorded(**(known | changes))


def settings(length: int = 10, stride: int = 5, **changes: Any) -> Settings:
    return Settings("data", ("n", "x"), length, stride, **changes)
