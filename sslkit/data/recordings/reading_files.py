"""Tables → recordings in order, with their clocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sslkit.data.reading.notes import merged
from sslkit.data.recordings.parts import (
    NAMES,
    TEST,
    TRAINING,
    VALIDATION,
    other_names,
    part_numbers,
    parts_of_folders,
)
from sslkit.data.recordings.recorded import Recorded
from sslkit.data.recordings.settings import Settings
from sslkit.data.recordings.timing.arranging import arrange
from sslkit.data.tables.folder import all_problems, read_tables, table_files
from sslkit.data.tables.stamps import Clock, find_clock, stamp_column
from sslkit.data.tables.table import Table
from sslkit.errors import SSLKitError
from sslkit.foreign import given_path
from sslkit.types import Note

if TYPE_CHECKING:
    import pyarrow

ROWS_NAMED = 5


@dataclass(frozen=True)
class Files:
    """All files, their clock (None without a column of time), what was read, and the settings that were of use."""

    recorded: list[Recorded]
    clock: Clock | None
    tables: list[Table]
    notes: tuple[Note, ...]
    settings: Settings


def read_files(settings: Settings) -> Files:
    """The recordings of all files.

    Raises:
        SSLKitError: files, columns, cells or stamps that cannot be read: all bad files in one message.
    """
    tables, parts, notes = _tables(settings)
    settings, notes = _without_absent(tables, settings, notes)
    arrays = [stamp_column(table, settings.time) for table in tables] if settings.time else []
    clock = None
    if settings.time:
        units = tables[0].units.get(settings.time[0], "") if len(settings.time) == 1 else ""
        clock = find_clock(
            arrays,
            settings.time_name,
            settings.path,
            units,
            settings.time_unit,
            settings.day_first,
            settings.rate_hz,
        )
        notes = (*notes, *clock.notes)
    recorded, bad = [], []
    for place, table in enumerate(tables):
        try:
            stamps = arrays[place] if clock is not None else None
            one, own = _recorded(table, parts[place], stamps, clock, settings)
            recorded.append(one)
            notes = (*notes, *own)
        except SSLKitError as error:
            bad.append(str(error))
    if bad:
        raise SSLKitError(all_problems(bad, len(tables)))
    return Files(recorded, clock, tables, merged(notes), settings)


def _without_absent(
    tables: Sequence[Table], settings: Settings, notes: Sequence[Note]
) -> tuple[Settings, tuple[Note, ...]]:
    """Without the columns that an encoder does not need and no table has, or not all of them.

    Raises:
        SSLKitError: only some have the time.
    """
    lacking = {name: [table for table in tables if name not in table.columns] for name in settings.optional}
    some = (
        [name for name in settings.time if 0 < len(lacking[name]) < len(tables)] if settings.for_new else []
    )
    if some:
        raise SSLKitError(
            f"{settings.path}: {len(lacking[some[0]])} of {len(tables)} files have no column '{some[0]}', e.g. "
            f"{lacking[some[0]][0].name}; the others' times are in it. Embed them apart."
        )
    absent = tuple(name for name, without in lacking.items() if without)
    if not absent:
        return settings, tuple(notes)
    note = Note(
        "column(s) of the training data are not there, and not needed",
        len(absent),
        which=absent,
        why="features come from the channels alone",
    )
    gone = [name for name, without in lacking.items() if len(without) == len(tables)]
    return settings.without(gone), (*notes, note)


def _tables(settings: Settings) -> tuple[list[Table], list[int], tuple[Note, ...]]:
    """Of the path, and of those of the other parts, each with its part."""
    tables: list[Table] = []
    parts: list[int] = []
    notes: list[Note] = []
    given = ((settings.path, TRAINING), (settings.validation_path, VALIDATION), (settings.test_path, TEST))
    for path, part in given:
        if path is None:
            continue
        root = given_path(path)
        files, said = table_files(path)
        events = given_path(settings.events["path"]) if settings.events else None
        files = [file for file in files if events is None or file.resolve() != events.resolve()]
        found, more = read_tables(files, root, settings.columns, settings.reading, settings.optional)
        notes += [*said, *more]
        by_folder = settings.split is None and not settings.for_new
        folders = parts_of_folders([table.path for table in found], root) if by_folder else {}
        if folders and part == TRAINING and settings.test_path is None and settings.validation_path is None:
            counts = [sum(number == part for number in folders.values()) for part in NAMES]
            why = f"{counts[TRAINING]} files for training, {counts[VALIDATION]} for validation, {counts[TEST]} for test"
            notes.append(Note("the folders' names are taken for the parts", why=why))
            parts += [folders[table.path] for table in found]
        else:
            parts += [part] * len(found)
        tables += _told_apart(found, tables, root)
    return tables, parts, tuple(notes)


def _told_apart(found: Sequence[Table], before: Sequence[Table], root: Path) -> list[Table]:
    """Files of another path, called like files before, are named with their folder: they are other recordings."""
    taken = {table.name: table.path.resolve() for table in before}
    return [
        replace(table, name=f"{root.resolve().name}/{table.name}")
        if taken.get(table.name, table.path.resolve()) != table.path.resolve()
        else table
        for table in found
    ]


def _recorded(
    table: Table, part: int, stamps: pyarrow.Array | None, clock: Clock | None, settings: Settings
) -> tuple[Recorded, tuple[Note, ...]]:
    values = _values(table, settings)
    rows = values.shape[1]
    nothing = np.full(rows, "", dtype=str)
    recordings = table.names(settings.recording) if settings.recording in table.columns else nothing
    groups = table.names(settings.group) if settings.group in table.columns else nothing
    labels = table.identifiers(settings.label) if settings.label in table.columns else nothing
    parts = np.full(rows, part) if settings.split is None else part_numbers(table, settings.split)
    begin, seconds = 0, None
    if clock is not None and stamps is not None:
        begin = clock.begin(stamps)
        seconds = _seconds(table, stamps, clock, begin, settings.time_name)
    names, codes = np.unique(recordings, return_inverse=True)
    _, group_codes = np.unique(groups, return_inverse=True)
    identity = codes * (group_codes.max() + 1) + group_codes
    arranged = arrange(
        identity,
        seconds,
        values,
        settings.length,
        clock.wraps if clock is not None else None,
        table.name,
        f"{table.path}: column '{settings.time_name}'",
        table.line,
    )
    order = arranged.order
    pairs, recording = np.unique(np.stack([codes[order], arranged.part], axis=1), axis=0, return_inverse=True)
    own = [f"{table.name}/{names[code]}" if names[code] else table.name for code in pairs[:, 0]]
    named = tuple(
        f"{name} (part {again + 1})" if again else name for name, again in zip(own, pairs[:, 1], strict=True)
    )
    parts = parts[order]
    begins = arranged.begins | (parts[1:] != parts[:-1])
    is_whole = len(order) == rows and bool((order == np.arange(rows)).all())
    found = Recorded(
        table.name,
        str(table.path),
        values if is_whole else values[:, order],
        recording.reshape(-1),
        named,
        labels[order],
        groups[order],
        parts,
        begins,
        np.zeros(len(order) - 1, dtype=bool),
        arranged.seconds,
        begin,
        lambda row: table.line(int(order[row])),
        exact=clock is not None and clock.exact(begin),
    )
    taken = () if settings.split is None else other_names(table, settings.split)
    return found, (*arranged.notes, *taken)


def _values(table: Table, settings: Settings) -> np.ndarray:
    """``(C, rows)`` as float64, less what is to be subtracted."""
    values = np.empty((len(settings.channels), len(table)))
    for channel, name in enumerate(settings.channels):
        values[channel] = table.numbers(name)
        if name in settings.subtract:
            values[channel] -= settings.subtract[name]
    return values


def _seconds(table: Table, stamps: pyarrow.Array, clock: Clock, begin: int, name: str) -> np.ndarray:
    seconds, bad = clock.seconds(stamps, begin)
    empty = np.setdiff1d(np.flatnonzero(~np.isfinite(seconds)), bad)
    for rows, what in ((bad, "holds what is no stamp like the others"), (empty, "is empty")):
        if len(rows):
            value = f" ({stamps[int(rows[0])].as_py()!r})" if what != "is empty" else ""
            if what != "is empty" and len(rows) == len(stamps):
                raise SSLKitError(
                    f"{table.path}: column '{name}' holds no stamps that can be read{value}. Write them as ISO 8601 "
                    "(2024-12-31 23:59:59.123) or as seconds, name another column as time, or leave it out and set "
                    "rate_hz."
                )
            raise SSLKitError(
                f"{table.path}: column '{name}' {what}{value} at row {_lines(table, rows)}. Every row needs a time, "
                f"written as in the first file ({clock.words})."
            )
    return seconds


def _lines(table: Table, rows: Sequence[int] | np.ndarray) -> str:
    more = f" and {len(rows) - ROWS_NAMED:,} more" if len(rows) > ROWS_NAMED else ""
    return ", ".join(str(table.line(int(row))) for row in rows[:ROWS_NAMED]) + more
