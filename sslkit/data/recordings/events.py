"""A table of events (start, end, label) → a label for each row of the recordings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sslkit.data.reading.text.numbers import to_numbers
from sslkit.data.recordings.event_table import EventTable, read_events
from sslkit.data.recordings.recorded import Recorded
from sslkit.data.recordings.settings import Settings
from sslkit.data.tables.stamp_units import Unit, named_unit
from sslkit.data.tables.stamps import LARGE, Clock, find_clock
from sslkit.errors import SSLKitError
from sslkit.types import Note

if TYPE_CHECKING:
    import pyarrow


MOSTLY = 0.9  # of an event's time that its rows cover; a note says so where it is less


def label_rows(
    files: Sequence[Recorded], clock: Clock | None, settings: Settings
) -> tuple[list[Recorded], list[Note]]:
    """Recordings whose rows have the labels of the events that they lie in: start ≤ time < end.

    Stamps of events are read like those of the rows. Where the rows' are dates and the events' are small numbers, these
    are seconds from the first row of the recording. Rows in no event have no label.

    Raises:
        SSLKitError: columns that are not there, stamps that cannot be read, events of different labels that overlap, or
            none that lies in a recording.
    """
    events = read_events(settings)
    count = len(events.labels)
    labels = [
        np.full(file.rows, "", dtype=f"<U{max(1, max(map(len, events.labels.tolist())))}") for file in files
    ]
    owner = [np.full(file.rows, -1) for file in files]
    held, lasts = np.zeros(count), np.zeros(count)
    several = sum(len(file.recording_names) for file in files) > 1
    relative = _is_relative(events, clock)
    if events.recordings is None and several and (relative or clock is None or not clock.absolute):
        raise SSLKitError(
            f"{events.table.path}: there are several recordings, and their clocks begin anew: a column that names the "
            "recording (or file) of each event is needed."
        )
    for place, file in enumerate(files):
        for number, name in enumerate(file.recording_names):
            rows = np.flatnonzero(file.recordings == number)
            mine = (
                np.arange(count)
                if events.recordings is None
                else np.flatnonzero(_belongs(events.recordings, file, name))
            )
            if len(mine):
                spans = _spans(events, file, rows, clock, relative, settings)
                lasts[mine] = (spans[1] - spans[0])[mine]
                held += _mark(events, mine, spans, file, rows, labels[place], owner[place], settings)
    if not held.any():
        raise SSLKitError(
            f"{events.table.path}: none of {count} events lies in a recording. Are the stamps of the same clock and "
            f"zone, and the names those of the recordings ({', '.join(files[0].recording_names[:3])} …)?"
        )
    notes = [*_notes(events, held > 0, owner, relative), *_longer(events, held, lasts)]
    return [replace(f, labels=own) for f, own in zip(files, labels, strict=True)], notes


def _is_relative(events: EventTable, clock: Clock | None) -> bool:
    """Small numbers where rows have dates or large ones: seconds since the first row."""
    if clock is None:
        return True
    values, bad = to_numbers(_column(events, "start"))
    if len(bad) or not np.isfinite(values).any():
        return False
    return clock.absolute and float(np.nanmax(np.abs(values))) < LARGE and clock.unit.name != "days"


def _column(events: EventTable, role: str) -> pyarrow.Array:
    import pyarrow

    array = events.table.columns[events.columns[role]]
    if events.table.reading.get("decimal") == "," and pyarrow.types.is_string(array.type):
        import pyarrow.compute as pc

        return pc.replace_substring(array, ",", ".")
    return array


def _spans(
    events: EventTable,
    file: Recorded,
    rows: np.ndarray,
    clock: Clock | None,
    relative: bool,
    settings: Settings,
) -> tuple[np.ndarray, np.ndarray]:
    """Start and end of each event in the file's seconds."""
    first = float(file.seconds[rows[0]]) if file.seconds is not None and len(rows) else 0.0
    found: list[np.ndarray] = []
    for role in ("start", "end" if "end" in events.columns else "duration"):
        array, name = _column(events, role), events.columns[role]
        if role == "duration" or relative:
            own = named_unit(name)
            values, bad = to_numbers(array)
            if len(bad):
                plain = find_clock([array], name, str(events.table.path), day_first=settings.day_first)
                seconds, bad = plain.seconds(array, 0)
            else:
                seconds = Unit(own or "s", "").to_seconds(values)
            seconds = seconds + (0.0 if role == "duration" else first)
        else:
            assert clock is not None
            seconds, bad = clock.seconds(array, file.begin)
        if len(bad) or not np.isfinite(seconds).all():
            row = int(bad[0]) if len(bad) else int(np.argmin(np.isfinite(seconds)))
            expected = clock.words if clock is not None and not relative else "seconds"
            raise SSLKitError(
                f"{events.table.path}: column '{name}' has no stamp like those of the recordings in row "
                f"{events.line(row)} ({array[row].as_py()!r}; expected {expected})."
            )
        found.append(seconds + found[0] if role == "duration" else seconds)
    backward = np.flatnonzero(found[1] < found[0])
    if len(backward):
        raise SSLKitError(
            f"{events.table.path}: the event in row {events.line(int(backward[0]))} ends before it starts."
        )
    return found[0], found[1]


def _belongs(names: np.ndarray, file: Recorded, recording: str) -> np.ndarray:
    """Events that name the recording, or its file with or without folder and suffix."""
    path = Path(file.name)
    plain = path.name.split(".")[0]
    known = {
        recording,
        file.name,
        path.name,
        path.stem,
        plain,
        str(path.with_suffix("")),
        str(path.parent / plain),
    }
    own = recording.removeprefix(f"{file.name}/")
    known.add(own)
    return np.asarray(np.isin(np.char.replace(names, "\\", "/"), list(known)))


def _mark(
    events: EventTable,
    mine: np.ndarray,
    spans: tuple[np.ndarray, np.ndarray],
    file: Recorded,
    rows: np.ndarray,
    labels: np.ndarray,
    owner: np.ndarray,
    settings: Settings,
) -> np.ndarray:
    """Write labels of events into rows; seconds of rows that each event has."""
    held = np.zeros(len(events.labels))
    time = (
        file.seconds[rows] if file.seconds is not None else np.arange(len(rows)) / (settings.rate_hz or 1.0)
    )
    half = 0.5 * float(np.median(np.diff(time))) if len(time) > 1 else 0.0
    for event in mine[np.argsort(spans[0][mine], kind="stable")].tolist():
        first, last = np.searchsorted(time, [spans[0][event], spans[1][event]], side="left")
        inside = rows[first:last]
        taken = owner[inside]
        clash = np.flatnonzero((taken >= 0) & (labels[inside] != events.labels[event]))
        if len(clash) > 1 or (len(clash) and spans[1][taken[clash[0]]] - spans[0][event] > half):
            other = int(taken[clash[0]])
            raise SSLKitError(
                f"{events.table.path}: the events in rows {events.line(other)} ('{events.labels[other]}') and "
                f"{events.line(event)} ('{events.labels[event]}') overlap, and a row can have one label. Cut one."
            )
        labels[inside], owner[inside] = events.labels[event], event
        held[event] += (
            (len(inside) + 1) * (2 * half or 1.0) if len(inside) else 0.0
        )  # to the row after the last one
    return held


def _longer(events: EventTable, held: np.ndarray, lasts: np.ndarray) -> list[Note]:
    """Events that go on where there are no rows: behind the end of their recording, or in a gap."""
    longer = np.flatnonzero((held > 0) & (held < MOSTLY * lasts))
    if not len(longer):
        return []
    which = tuple(
        f"row {events.line(int(one))}: {events.labels[one]}, {held[one]:.3g} of {lasts[one]:.3g} s"
        for one in longer[:20]
    )
    why = "they begin before or end after their recording, or it has gaps"
    return [
        Note(
            "event(s) last longer than the rows that they hold",
            len(longer),
            len(held),
            which,
            why,
            warning=True,
        )
    ]


def _notes(events: EventTable, hit: np.ndarray, owner: Sequence[np.ndarray], relative: bool) -> list[Note]:
    notes = []
    rows = sum(len(own) for own in owner)
    free = sum(int((own < 0).sum()) for own in owner)
    if free:
        notes.append(Note("row(s) are in no event and have no label", free, rows))
    if not hit.all():
        missed = np.flatnonzero(~hit)
        which = tuple(f"row {events.line(int(one))}: {events.labels[one]}" for one in missed[:20])
        why = "they lie before, between or after the recordings, name another one, or are shorter than a step"
        notes.append(Note("event(s) hold no row", len(missed), len(hit), which, why, warning=True))
    if relative:
        notes.append(Note("stamps of events are taken as seconds from the first row of their recording"))
    return notes
