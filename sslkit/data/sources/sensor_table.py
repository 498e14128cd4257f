"""The ``sensor_table`` source: long recordings in CSV or Parquet files, cut into windows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from sslkit.data.labels import encode_groups, encode_labels
from sslkit.data.quality import Missing, check_constant, check_missing, fill_missing
from sslkit.data.reading.tables import read_table, table_files
from sslkit.data.samples import WindowSamples
from sslkit.errors import SSLKitError
from sslkit.hookspecs import hookimpl
from sslkit.types import Count, Dataset, DataSource, Note, Part, Positive, SampleSpec

if TYPE_CHECKING:
    from sslkit.registry import Registry

GAP = 1.5  # times the usual step
UNITS = (1.0, 1e3, 1e6, 1e9)  # of a time column, per second
TOLERANCE = 1.1  # between rates that should be equal
ENOUGH_RECORDINGS = 3  # for a training, a validation and a test part


@dataclass(frozen=True)
class _Recorded:
    """One file: its signal, and for each stretch (one recording, label and group, no gap) where it is and
    whose.
    """

    values: np.ndarray  # float32 (C, T)
    starts: np.ndarray
    stops: np.ndarray
    labels: np.ndarray
    groups: np.ndarray  # text
    recordings: np.ndarray  # text
    rate_hz: float | None


class SensorTable(DataSource):
    """Long sensor recordings in CSV or Parquet files (each file its own), cut into windows of a length and
    stride.

    A window never crosses a recording, a change of label or group, or a gap in time (a step over 1.5 × the
    usual one). Windows of one group (without a group column: of one recording; with fewer than three of them:
    of one unbroken stretch) are kept together by the split, so overlapping windows never leak.

    Args:
        path: a file, or a folder of files.
        channels: columns to use as channels.
        length: rows in a window.
        stride: rows from one window's start to the next (default: half the length).
        rate_hz: rows per second; from the time column where not given.
        time: column of the time, in seconds or timestamps (with ``rate_hz``, also ms, µs or ns).
        label: column of the label; empty where unknown.
        group: column of the subject or machine.
        recording: column that tells recordings in one file apart.
        missing: empty, NaN and Inf: refuse, interpolate along time, set to zero, or keep
            (sensors only): see ``SampleSpec.missing``.
        constant_channels: channels that never change: refuse, or keep.

    Raises:
        SSLKitError: files or columns that cannot be read, time that runs backwards, or nothing as long as a
            window.
    """

    def __init__(
        self,
        path: str,
        channels: list[str],
        length: Count,
        stride: Count | None = None,
        rate_hz: Positive | None = None,
        time: str | None = None,
        label: str | None = None,
        group: str | None = None,
        recording: str | None = None,
        missing: Missing = "error",
        constant_channels: Literal["error", "keep"] = "error",
    ) -> None:
        if not channels:
            raise SSLKitError("channels is empty: name the columns to use, e.g. channels: [x, y, z].")
        if len(set(channels)) < len(channels):
            raise SSLKitError(f"channels names a column twice: {', '.join(channels)}.")
        self.path, self.channels, self.length, self.stride = (
            path,
            channels,
            length,
            stride or max(1, length // 2),
        )
        self.rate_hz, self.time, self.label, self.group = rate_hz, time, label, group
        self.recording, self.missing, self.constant_channels = recording, missing, constant_channels

    def load(self) -> Dataset:
        files = [self._read(path) for path in table_files(self.path)]
        offsets = np.cumsum([0, *(file.values.shape[1] for file in files)])
        begin = np.concatenate([file.starts + offset for file, offset in zip(files, offsets, strict=False)])
        sizes = np.concatenate([file.stops - file.starts for file in files])
        long = sizes >= self.length
        if not long.any():
            raise SSLKitError(
                f"{self.path}: no window of {self.length} rows fits: the longest stretch of one recording "
                f"and label without a gap has {sizes.max()}. Set a smaller length."
            )
        windows = [
            np.arange(first, first + size - self.length + 1, self.stride)
            for first, size in zip(begin[long], sizes[long], strict=True)
        ]
        owner = np.repeat(np.flatnonzero(long), [len(starts) for starts in windows])
        labels = np.concatenate([file.labels for file in files])
        (y,), class_names, label_notes = encode_labels([labels[owner]], f"{self.path}: column '{self.label}'")
        groups, group_names, notes = self._groups(files, owner)
        if not long.all():
            lost = sizes[~long].sum()
            notes += (
                Note(
                    "rows are not used",
                    int(lost),
                    int(sizes.sum()),
                    why="their stretches are shorter than a window",
                ),
            )
        signal = np.concatenate([file.values for file in files], axis=1)
        if self.constant_channels == "error":
            check_constant(signal[None], self.channels, self.path)
        shape, keep = (len(self.channels), self.length), self.missing == "keep"
        spec = SampleSpec("sensor", shape, self._rate(files), tuple(self.channels), missing=keep)
        samples = WindowSamples(signal, np.concatenate(windows), self.length)
        return Dataset(spec, Part(samples, y, groups), None, class_names, (*label_notes, *notes), group_names)

    def _read(self, path: Path) -> _Recorded:
        names = [*self.channels, self.time, self.label, self.group, self.recording]
        table = read_table(path, [name for name in names if name is not None])
        values = np.stack([table.numbers(name) for name in self.channels]).astype(np.float32)
        rows = values.shape[1]
        empty = np.full(rows, "", dtype=str)
        recordings = empty if self.recording is None else table.names(self.recording)
        groups = empty if self.group is None else table.names(self.group)
        labels = np.full(rows, -1) if self.label is None else table.columns[self.label]
        new_recording = recordings[1:] != recordings[:-1]
        breaks = new_recording | (groups[1:] != groups[:-1]) | _changes(labels)
        rate = None
        if self.time is not None:
            gaps, rate = _gaps(table.seconds(self.time), new_recording, f"{path}: column '{self.time}'")
            breaks |= gaps
        starts = np.flatnonzero(np.concatenate([[True], breaks]))
        stops = np.append(starts[1:], rows)
        self._fill(values, starts, stops, path)
        named = np.char.add(f"{path.name}/", recordings[starts])
        return _Recorded(values, starts, stops, labels[starts], groups[starts], named, rate)

    def _fill(self, values: np.ndarray, starts: np.ndarray, stops: np.ndarray, path: Path) -> None:
        """Check for missing values, and fill them in place stretch by stretch."""
        where = f"{path} ({', '.join(self.channels)})"
        if check_missing(values, "error" if self.missing == "error" else "zero", ("channel", "row"), where):
            for start, stop in zip(starts, stops, strict=True):
                stretch = values[:, start:stop]
                if stop - start >= self.length:
                    check_missing(stretch, self.missing, ("channel",), f"{where}, rows {start} to {stop - 1}")
                    values[:, start:stop] = fill_missing(stretch, self.missing)

    def _groups(
        self, files: list[_Recorded], owner: np.ndarray
    ) -> tuple[np.ndarray, tuple[str, ...], tuple[Note, ...]]:
        """For each window its group's number; the groups' names, and notes on where they come from."""
        recordings = np.concatenate([file.recordings for file in files])
        if self.group is not None:
            (groups,), names, notes = encode_groups([np.concatenate([file.groups for file in files])[owner]])
            return groups, names, notes
        if len(np.unique(recordings[owner])) >= ENOUGH_RECORDINGS:
            (groups,), names, notes = encode_groups([recordings[owner]])
            return groups, names, notes
        (groups,), *_ = encode_groups([owner])
        names = tuple(f"stretch {number}" for number in range(int(groups.max()) + 1))
        return (
            groups,
            names,
            (
                Note(
                    "the split keeps unbroken stretches together, not recordings",
                    why="there are fewer than three recordings and no group column",
                    cure="New recordings may be harder.",
                ),
            ),
        )

    def _rate(self, files: list[_Recorded]) -> float | None:
        measured = [file.rate_hz for file in files if file.rate_hz is not None]
        if not measured:
            return self.rate_hz
        if max(measured) > TOLERANCE * min(measured):
            raise SSLKitError(
                f"{self.path}: the files' rates differ, from {min(measured):.4g} to {max(measured):.4g} Hz "
                f"by column '{self.time}'. Resample them to one rate."
            )
        rate = float(np.median(measured))
        if self.rate_hz is None:
            return rate
        ratios = [self.rate_hz / (rate * unit) for unit in UNITS]
        if not any(1 / TOLERANCE <= ratio <= TOLERANCE for ratio in ratios):
            raise SSLKitError(
                f"{self.path}: rate_hz is {self.rate_hz:g}, but column '{self.time}' has {rate:.4g} rows per "
                "second (or per ms, µs, ns). Correct one of them."
            )
        return self.rate_hz


def _changes(column: np.ndarray) -> np.ndarray:
    """Where a value differs from the one before it; two empty ones don't."""
    if column.dtype.kind == "O":
        column = column.astype(str)
    both_nan = np.isnan(column[1:]) & np.isnan(column[:-1]) if column.dtype.kind == "f" else False
    changes: np.ndarray = (column[1:] != column[:-1]) & ~np.asarray(both_nan)
    return changes


def _gaps(time: np.ndarray, new_recording: np.ndarray, where: str) -> tuple[np.ndarray, float | None]:
    """Where a step is longer than usual, and the rows per unit of time."""
    steps = np.diff(time)
    if not np.isfinite(time).all():
        raise SSLKitError(
            f"{where} is empty at row {int(np.argmin(np.isfinite(time)))}. Every row needs a time."
        )
    wrong = (steps <= 0) & ~new_recording
    if wrong.any():
        row = int(np.argmax(wrong)) + 1
        raise SSLKitError(
            f"{where} does not go forward at row {row} ({time[row - 1]:.10g} → {time[row]:.10g}). Sort the "
            "rows by time, or name the column that tells recordings apart (recording: …)."
        )
    inside = steps[~new_recording]
    if len(inside) == 0:
        return np.zeros(len(steps), dtype=bool), None
    usual = float(np.median(inside))
    return steps > GAP * usual, 1 / usual


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("sensor_table", SensorTable)
