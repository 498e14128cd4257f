"""Values of recordings that are missing: refused with their rows, or filled stretch by stretch."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sslkit.data.quality import check_missing, fill_missing
from sslkit.data.recordings.recorded import Recorded
from sslkit.data.recordings.settings import Settings
from sslkit.data.tables.folder import all_problems
from sslkit.errors import SSLKitError
from sslkit.types import Note

HOW = {"interpolate": "interpolated along time", "zero": "set to 0", "keep": "kept as missing"}


def check_values(files: Sequence[Recorded], settings: Settings) -> list[Note]:
    """Refuse missing values, or say how many are filled.

    Raises:
        SSLKitError: with the number of each channel, the first row of each, and all bad files.
    """
    messages, which = [], []
    count = total = 0
    for file in files:
        bad = _bad(file.values)
        total += bad.size
        if bad.any():
            count += int(bad.sum())
            channels = np.flatnonzero(bad.any(axis=1)).tolist()
            words = ", ".join(
                f"{settings.channels[c]} ({int(bad[c].sum()):,}, first in row {file.line(int(bad[c].argmax()))})"
                for c in channels[:8]
            )
            more = f" and {len(channels) - 8} more" if len(channels) > 8 else ""
            which.append(file.name)
            messages.append(
                f"{file.where}: {int(bad.sum())} of {bad.size} values are NaN, Inf or beyond float32: {words}{more}. "
                "Clean the data, or set missing: interpolate, zero or keep."
            )
    if messages and settings.missing == "error":
        raise SSLKitError(all_problems(messages, len(files)))
    if not count:
        return []
    return [Note(f"value(s) are missing and are {HOW[settings.missing]}", count, total, tuple(which))]


def fill(values: np.ndarray, starts: np.ndarray, stops: np.ndarray, settings: Settings) -> np.ndarray:
    """Values as float32, without missing ones in the stretches from which windows are cut.

    Raises:
        SSLKitError: a channel has no value in a stretch to interpolate from.
    """
    with np.errstate(over="ignore"):
        signal = values.astype(np.float32)
    if not _bad(signal).any():
        return signal
    where = f"{settings.path} ({', '.join(settings.channels)})"
    for start, stop in zip(starts.tolist(), stops.tolist(), strict=True):
        if stop - start >= settings.length or settings.short == "pad":
            stretch = signal[:, start:stop]
            place = f"{where}, rows {start} to {stop - 1} of a recording"
            check_missing(stretch, settings.missing, ("channel",), place)
            signal[:, start:stop] = fill_missing(stretch, settings.missing)
    return signal


def _bad(values: np.ndarray) -> np.ndarray:
    """What float32 cannot hold counts too."""
    with np.errstate(over="ignore", invalid="ignore"):
        return np.asarray(~np.isfinite(values.astype(np.float32, copy=False)))
