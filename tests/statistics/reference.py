"""What statistics are checked against, straight from their definitions."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def holm(ps: Sequence[float]) -> np.ndarray:
    """Holm's step-down correction: the smallest p times their number, the next times one fewer, never falling."""
    order = np.argsort(ps)
    stepped = np.array(ps)[order] * np.arange(len(ps), 0, -1)
    corrected = np.empty(len(ps))
    corrected[order] = np.minimum(np.maximum.accumulate(stepped), 1)
    return corrected
