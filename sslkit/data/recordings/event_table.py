"""The file with a table of events: its columns, by their usual names or by the user's."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from sslkit.data.reading.text.dialect import Reading
from sslkit.data.recordings.settings import Settings
from sslkit.data.tables.table import Table, read_table
from sslkit.errors import SSLKitError, did_you_mean
from sslkit.foreign import given_path

USUAL = {  # names of columns, without units, blanks and underscores
    "start": ("start", "onset", "begin", "begintime", "starttime", "tstart", "tmin", "from", "von", "beginn"),
    "end": (
        "end",
        "offset",
        "stop",
        "endtime",
        "stoptime",
        "tend",
        "tstop",
        "tmax",
        "to",
        "bis",
        "ende",
        "finish",
    ),
    "duration": ("duration", "dauer", "length"),
    "label": (
        "label",
        "class",
        "event",
        "activity",
        "annotation",
        "trialtype",
        "description",
        "type",
        "value",
        "klasse",
    ),
    "recording": ("recording", "file", "filename", "path", "record", "session", "beginfile"),
}


@dataclass(frozen=True)
class EventTable:
    """Of each event its label and, where it is said, its recording."""

    table: Table
    columns: dict[str, str]
    labels: np.ndarray
    recordings: np.ndarray | None

    def line(self, event: int) -> int:
        return self.table.line(event)


def read_events(settings: Settings) -> EventTable:
    """The file of events.

    Raises:
        SSLKitError: it is not there, or has no column of starts, ends (or durations) or labels.
    """
    given = dict(settings.events or {})
    path = given_path(str(given.pop("path")))
    if not path.is_file():
        raise SSLKitError(f"events.path: {path}: there is no such file.")
    reading: Reading = {"encoding": settings.reading["encoding"]} if "encoding" in settings.reading else {}
    table = read_table(path, None, reading)
    columns: dict[str, str] = {}
    for role, usual in USUAL.items():
        if role in given:
            columns[role] = str(given[role])
            if columns[role] not in table.columns:
                advice = did_you_mean(columns[role], table.columns)
                raise SSLKitError(f"{path} has no column '{columns[role]}' (events.{role}). {advice}")
            continue
        found = next((name for wanted in usual for name in table.columns if _plain(name) == wanted), None)
        if found is not None and found not in columns.values():
            columns[role] = found
    if not {"start", "label"} <= set(columns) or not {"end", "duration"} & set(columns):
        raise SSLKitError(
            f"{path}: events need a start, an end (or a duration) and a label; the columns are "
            f"{', '.join(table.columns)}. Name them: events: {{path: …, start: …, end: …, label: …, recording: …}}."
        )
    recordings = table.identifiers(columns["recording"]) if "recording" in columns else None
    return EventTable(table, columns, table.identifiers(columns["label"]), recordings)


def _plain(name: str) -> str:
    return re.sub(r"[\[(].*[\])]|[\s_\-]|(_s|_sec|_seconds|_ms)$", "", name.strip().lower())
