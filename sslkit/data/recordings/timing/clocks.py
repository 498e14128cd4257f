"""Rates and gaps of all recordings: found, compared, and made equal where the user wants it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from sslkit.data.recordings.recorded import Recorded
from sslkit.data.recordings.settings import Settings
from sslkit.data.recordings.timing.rates import GAP, PAUSE, Timing, timing
from sslkit.data.tables.stamp_units import TOLERANCE
from sslkit.errors import SSLKitError
from sslkit.types import Note

MANY = 0.01  # share of steps that are gaps, from which on windows suffer
NAMED = 4  # recordings of a rate that a message names


@dataclass(frozen=True)
class Rates:
    """The rate of all windows, and what it was before: ``50 Hz: 3 recordings``."""

    rate_hz: float | None
    words: str


def measure(recorded: Recorded, settings: Settings) -> Recorded:
    """With the timing of each recording, and its gaps."""
    if recorded.seconds is None:
        return recorded
    steps = np.diff(recorded.seconds)
    inside = np.flatnonzero(~recorded.begins)
    order = np.argsort(recorded.recordings[inside], kind="stable")
    owner = recorded.recordings[inside][order]
    edges = np.searchsorted(owner, np.arange(len(recorded.recording_names) + 1))
    gaps = np.zeros(len(steps), dtype=bool)
    largest = float(np.abs(recorded.seconds).max())
    timings = []
    for first, last in pairwise(edges.tolist()):
        places = inside[order[first:last]]
        timings.append(timing(steps[places], largest, settings.max_gap, recorded.exact))
        gaps[places] = timings[-1].gaps
    return replace(recorded, gaps=gaps, timings=tuple(timings))


def common_rate(files: Sequence[Recorded], settings: Settings) -> Rates:
    """The rate of all recordings that are as long as a window.

    Raises:
        SSLKitError: they differ, or not as ``rate_hz`` says.
    """
    rates: list[float] = []
    of_files: list[float] = []
    found: dict[str, list[str]] = {}
    for file in files:
        counts = np.bincount(file.recordings, minlength=len(file.recording_names))
        known = (
            [
                (one, name)
                for one, name, count in zip(file.timings, file.recording_names, counts, strict=True)
                if one.rate_hz is not None and (count >= settings.length or len(counts) == 1)
            ]
            if file.timings
            else []
        )
        for one, name in known:
            assert one.rate_hz is not None
            rates.append(one.rate_hz)
            found.setdefault(f"{one.rate_hz:.4g}", []).append(name)
        if known:
            of_files.append(_of_file(file, [one for one, _ in known]))
    if not rates:
        return Rates(settings.rate_hz, "")
    words = "; ".join(f"{rate} Hz: {_named(names)}" for rate, names in list(found.items())[:6])
    if max(rates) > TOLERANCE * min(rates) and settings.resample_hz is None:
        raise SSLKitError(
            f"{settings.path}: the recordings' rates differ, from {min(rates):.4g} to {max(rates):.4g} Hz by column "
            f"'{settings.time_name}' ({words}). Set resample_hz: {min(rates):.4g} to bring all to one rate, with a "
            "filter against aliasing; or leave some out."
        )
    rate = float(np.median(of_files))
    given = settings.rate_hz
    if given is not None and not 1 / TOLERANCE <= given / rate <= TOLERANCE and settings.resample_hz is None:
        raise SSLKitError(
            f"{settings.path}: rate_hz is {given:g}, but column '{settings.time_name}' has {rate:.4g} rows per second. "
            "Correct one of them."
        )
    return Rates(given or rate, words)


def _of_file(file: Recorded, known: Sequence[Timing]) -> float:
    """One rate a file, that of its median step where its stamps are regular."""
    if all(one.usual for one in known):
        steps = np.diff(file.seconds)[~file.begins] if file.seconds is not None else np.ones(1)
        return 1 / float(np.median(steps))
    return float(np.median([one.rate_hz for one in known if one.rate_hz is not None]))


def _named(names: Sequence[str]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more


def gap_notes(files: Sequence[Recorded], settings: Settings) -> list[Note]:
    """What the rule for gaps does, with its share."""
    steps = sum(int((~file.begins).sum()) for file in files)
    gaps = sum(int(file.gaps.sum()) for file in files)
    wide = sum(int(one.wide_steps) for file in files for one in file.timings)
    if settings.max_gap is not None and wide > gaps:
        what = "step(s) are longer than 1.5 × the usual one, and windows take their rows as evenly spaced"
        why = f"none of them is longer than max_gap: {settings.max_gap:g} s"
        return [Note(what, wide - gaps, steps, why=why), *_gaps_with_rule(files, settings, gaps, steps)]
    return _gaps_with_rule(files, settings, gaps, steps)


def _gaps_with_rule(files: Sequence[Recorded], settings: Settings, gaps: int, steps: int) -> list[Note]:
    if not gaps:
        return []
    share = gaps / steps
    rule = (
        f"longer than {GAP} × the usual step"
        if settings.max_gap is None
        else f"longer than {settings.max_gap:g} s"
    )
    which = tuple(file.name for file in files if file.gaps.any())
    cure = ""
    if share > MANY and settings.resample_hz is None:
        usual = float(np.median([one.step for file in files for one in file.timings if one.step]))
        cure = (
            f"Where rows are uneven or were lost, set resample_hz: {1 / usual:.4g} to put them on an even grid; or "
            f"max_gap: {PAUSE * usual:.3g} (seconds) to let windows go on over shorter gaps as if there were none."
        )
    what = f"step(s) from row to row are gaps ({share:.1%}), which no window crosses"
    return [Note(what, gaps, steps, which, f"they are {rule}", cure, warning=bool(cure))]
