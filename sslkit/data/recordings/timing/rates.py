"""Stamps of a recording → its rate, and where there are gaps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

GAP = 1.5  # times the usual step
EQUAL = 1e-6  # relative difference of mean and median step of stamps that are regular
CLOSE = 0.9  # share of steps that must be next to the usual one where they differ by rounding alone
PAUSE = 4.0  # usual steps from which on a step says nothing of the rate


@dataclass(frozen=True)
class Timing:
    """Of one recording.

    Args:
        rate_hz: rows per second; None with a single row.
        gaps: which steps from row to row are gaps.
        step: seconds between rows, without gaps.
        regular: whether rows are evenly spaced, but for gaps and the rounding of stamps.
        wide_steps: how many steps exceed 1.5 × the usual one.
        usual: whether the rate is that of the median step.
    """

    rate_hz: float | None
    gaps: np.ndarray
    step: float
    regular: bool = True
    wide_steps: int = 0
    usual: bool = False


def timing(steps: np.ndarray, largest: float, max_gap: float | None = None, exact: bool = False) -> Timing:
    """The rate and the gaps of one recording.

    The usual step is the median one. Where stamps are rounded (80 Hz in whole milliseconds: steps of 12 and 13) or
    uneven it is the mean of steps next to it, so that the rate is that of the rows. A gap is a step longer than
    ``max_gap``, by default than 1.5 × the usual step (and a unit of rounded stamps).

    Args:
        steps: seconds from row to row, none below 0.
        largest: of the stamps, which tells how exact they are.
        max_gap: in seconds.
        exact: steps are whole multiples of a decimal unit, so that the usual one is rounded to it.
    """
    if not len(steps):
        return Timing(None, np.zeros(0, dtype=bool), 0.0)
    usual = float(np.median(steps))
    unit = resolution(steps, largest)
    if exact and unit:
        usual = float(f"{round(usual / unit) * unit:.9f}")
    near = np.abs(steps - usual) <= 1.01 * unit
    mean = float(steps[near].mean()) if near.any() else usual
    rounded = bool(near.mean() >= CLOSE and unit > 0 and abs(mean - usual) > EQUAL * usual)
    step = mean if rounded else usual
    limit = GAP * step + (unit if rounded else 0.0)
    wide = int((steps > limit).sum())
    gaps = steps > (limit if max_gap is None else max_gap)
    even = np.abs(steps - step) <= (1.01 * unit if rounded else 0.1 * step)
    whole = np.abs(steps / step - np.round(steps / step)) < 0.1  # rows that were lost
    regular = bool((even | gaps | whole).mean() > 0.99)
    if rounded:
        return Timing(_roundest(1 / mean, unit / float(steps[near].sum())), gaps, mean, regular, wide)
    if regular:
        return Timing(1 / usual, gaps, usual, True, wide, usual=not exact)
    kept = steps[steps <= max(PAUSE * usual, 0.0 if max_gap is None else max_gap)]
    mean = float(kept.mean())
    error = float(kept.std() / mean / np.sqrt(len(kept)))
    return Timing(_roundest(1 / mean, error), gaps, mean, False, wide)


def resolution(steps: np.ndarray, largest: float) -> float:
    """The decimal unit that all steps are whole multiples of; 0 where there is none down to 1 ns."""
    noise = 4 * np.finfo(np.float64).eps * max(largest, 1.0)
    for power in range(9):
        unit = 10.0**-power
        if np.abs(steps - np.round(steps / unit) * unit).max() <= min(noise + 1e-12, 0.05 * unit):
            return unit
    return 0.0


def _roundest(rate: float, error: float) -> float:
    """The number with the fewest digits within the relative error of a measured rate."""
    for digits in range(1, 9):
        candidate = float(f"{rate:.{digits}g}")
        if abs(candidate - rate) <= error * rate:
            return candidate
    return rate
