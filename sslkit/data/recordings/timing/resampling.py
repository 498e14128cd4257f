"""Recordings of any rate, also uneven ones → one rate, with a filter against aliasing."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

LARGEST = 1000  # of the numbers in the ratio of two rates


def at_rate(
    values: np.ndarray, seconds: np.ndarray, step: float, rate_hz: float, even: bool
) -> tuple[np.ndarray, np.ndarray]:
    """One stretch without a gap at another rate.

    Uneven stamps are first put on an even grid at the stretch's own rate, linearly between neighbours; then the rate is
    changed by ``scipy.signal.resample_poly``, whose filter takes away what the new rate cannot hold. Values that are
    missing are bridged, and missing again afterwards.

    Args:
        values: float64 ``(C, rows)``.
        seconds: of the rows.
        step: seconds between rows, on average.
        rate_hz: the new rate.
        even: whether rows are evenly spaced.

    Returns:
        The values ``(C, new rows)``, and for each new row the old one that is nearest.
    """
    if values.shape[1] < 2:
        return values, np.arange(values.shape[1])
    absent = ~np.isfinite(values)
    filled = _bridged(values, seconds)
    if not even:
        count = max(2, int(np.floor((seconds[-1] - seconds[0]) / step + 1e-6)) + 1)
        grid = seconds[0] + np.arange(count) * step
        filled = np.stack([np.interp(grid, seconds, channel) for channel in filled])
        nearest = _nearest(grid, seconds)
    else:
        grid, nearest = seconds, np.arange(len(seconds))
    ratio = Fraction(rate_hz * step).limit_denominator(LARGEST)
    if ratio != 1:
        filled = _changed(filled, ratio)
        place = np.arange(filled.shape[1]) * (ratio.denominator / ratio.numerator)
        nearest = nearest[np.minimum(np.floor(place + 0.5).astype(np.int64), len(grid) - 1)]
    if absent.any():
        filled = np.where(absent[:, nearest], np.nan, filled)
    return filled, nearest


def _changed(values: np.ndarray, ratio: Fraction) -> np.ndarray:
    from scipy.signal import resample_poly

    return np.asarray(resample_poly(values, ratio.numerator, ratio.denominator, axis=1, padtype="line"))


def _bridged(values: np.ndarray, seconds: np.ndarray) -> np.ndarray:
    filled = values.copy()
    for channel in filled:
        good = np.isfinite(channel)
        if not good.all():
            channel[~good] = np.interp(seconds[~good], seconds[good], channel[good]) if good.any() else 0.0
    return filled


def _nearest(grid: np.ndarray, seconds: np.ndarray) -> np.ndarray:
    right = np.clip(np.searchsorted(seconds, grid), 1, len(seconds) - 1)
    return np.where(grid - seconds[right - 1] <= seconds[right] - grid, right - 1, right)
