"""Values whose offset is so large that float32, in which networks compute, cannot hold what changes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sslkit.errors import SSLKitError

LOSS = 0.02  # of the spread within windows: rounding errors from which on values are refused
USUAL = 90  # percentile of windows whose spread counts: recordings may stand still for most of the time
SMALLEST = 1e-12


def check_precision(signals: Sequence[np.ndarray], channels: Sequence[str], length: int, where: str) -> None:
    """Refuse channels of float64 signals ``(C, T)`` that would lose in float32 what changes within a window.

    Raises:
        SSLKitError: with the loss, and the number to subtract.
    """
    lines = []
    for place, name in enumerate(channels):
        values = [signal[place] for signal in signals]
        largest = max(
            (float(np.abs(v[np.isfinite(v)]).max()) for v in values if np.isfinite(v).any()), default=0.0
        )
        if largest == 0 or largest > np.finfo(np.float32).max:
            continue
        spread = _spread(values, length)
        if spread > SMALLEST * largest and _error(largest) > LOSS * spread:
            lines.append(_words(name, values, largest, spread))
    if lines:
        raise SSLKitError(
            f"{where}: float32, in which networks compute, cannot hold these channels: {'; '.join(lines)} It is taken "
            "off before the values are rounded; take the same off new data that do not come through this config."
        )


def _spread(values: Sequence[np.ndarray], length: int) -> float:
    """The standard deviation within a window, of those that change much."""
    found = []
    for value in values:
        finite = value[np.isfinite(value)]
        size = min(length, len(finite))
        if size > 1:
            count = len(finite) // size
            found.append(finite[: count * size].reshape(count, size).std(axis=1))
    spreads = np.concatenate(found) if found else np.zeros(1)
    moving = spreads[spreads > 0]
    return float(np.percentile(moving, USUAL)) if len(moving) else 0.0


def _error(largest: float) -> float:
    """Of rounding to float32, root mean square."""
    return float(np.spacing(np.float32(largest)) / np.sqrt(12))


def _words(name: str, values: Sequence[np.ndarray], largest: float, spread: float) -> str:
    step = float(np.spacing(np.float32(largest)))
    words = f"'{name}' goes to {largest:.4g}, where float32 has steps of {step:.3g}, and changes by {spread:.3g} in "
    finite = np.concatenate([value[np.isfinite(value)] for value in values])
    middle = float(np.median(finite))
    for digits in range(1, 16):
        offset = float(f"{middle:.{digits}g}")
        if _error(float(np.abs(finite - offset).max())) <= LOSS * spread:
            return f"{words}a window. Set subtract: {{{name}: {offset:.15g}}}."
    return f"{words}a window, over a range that is too large: use its differences from row to row, or leave it out."
