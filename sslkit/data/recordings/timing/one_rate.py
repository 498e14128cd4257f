"""All recordings of a data set at one rate."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from sslkit.data.recordings.recorded import Recorded, stretches
from sslkit.data.recordings.settings import Settings
from sslkit.data.recordings.timing.rates import GAP, PAUSE, Timing
from sslkit.data.recordings.timing.resampling import at_rate
from sslkit.errors import SSLKitError
from sslkit.types import Note


def resampled(files: Sequence[Recorded], settings: Settings) -> tuple[list[Recorded], list[Note]]:
    """All recordings at ``resample_hz``: stretches without gaps, each by itself (``resampling.at_rate``).

    Steps up to ``max_gap``, by default up to 4 usual ones, are bridged.

    Raises:
        SSLKitError: no rate is known.
    """
    done: list[Recorded] = []
    changed: dict[str, None] = {}
    bridged = total = 0
    for file in files:
        seconds, timings = _clock(file, settings)
        steps = np.diff(seconds)
        usual = np.array([one.step for one in timings])[file.recordings[1:]]
        gaps = file.gaps if settings.max_gap is not None else (steps > PAUSE * usual) & ~file.begins
        bridged += int(((steps > GAP * usual) & ~gaps & ~file.begins).sum())
        total += int((~file.begins).sum())
        done.append(_of_file(file, seconds, timings, gaps, settings.resample_hz or 1.0, changed))
    notes = [Note("recording(s) are resampled", len(changed), which=tuple(changed))] if changed else []
    if bridged:
        limit = f"{settings.max_gap:g} s" if settings.max_gap else f"{PAUSE:g} × that"
        why = f"they are longer than {GAP} × the usual step, but not than {limit}"
        notes.append(Note("step(s) are bridged by straight lines", bridged, total, why=why))
    return done, notes


def _clock(file: Recorded, settings: Settings) -> tuple[np.ndarray, Sequence[Timing]]:
    """Seconds of the rows, and the timing of each recording; from ``rate_hz`` where there are no stamps."""
    if file.seconds is not None:
        return file.seconds, file.timings
    if settings.rate_hz is None:
        raise SSLKitError(f"{settings.path}: resample_hz needs the rate that is now: set time or rate_hz.")
    even = Timing(settings.rate_hz, file.gaps, 1 / settings.rate_hz)
    return np.arange(file.rows) / settings.rate_hz, (even,) * len(file.recording_names)


def _of_file(
    file: Recorded,
    seconds: np.ndarray,
    timings: Sequence[Timing],
    gaps: np.ndarray,
    rate: float,
    changed: dict[str, None],
) -> Recorded:
    pieces, nearest, clock, sizes = [], [], [], []
    for start, stop in zip(*stretches(file.begins | gaps), strict=True):
        one = timings[file.recordings[start]]
        values, time, index = file.values[:, start:stop], seconds[start:stop], np.arange(stop - start)
        if one.step:
            even = one.regular and abs((time[-1] - time[0]) / one.step - (stop - start - 1)) < 0.5
            values, index = at_rate(values, time, one.step, rate, even)
            if not even or abs(rate * one.step - 1) > 1e-3:
                name = file.recording_names[file.recordings[start]]
                changed[f"{name}: {1 / one.step:.4g} → {rate:g} Hz"] = None
        pieces.append(values)
        nearest.append(index + start)
        clock.append(time[0] + np.arange(values.shape[1]) / rate)
        sizes.append(values.shape[1])
    rows = np.concatenate(nearest)
    new = file.taken(rows, np.concatenate(pieces, axis=1), np.concatenate(clock))
    edges = np.zeros(len(rows), dtype=bool)
    edges[np.cumsum([0, *sizes[:-1]])] = True
    begins = edges & np.concatenate([[True], file.begins])[rows]
    return replace(
        new, begins=begins[1:], gaps=(edges & ~begins)[1:], line=partial(_line_of, rows, file.line)
    )


def _line_of(rows: np.ndarray, line: Callable[[int], int], row: int) -> int:
    return line(int(rows[row]))
