"""The ``sensor_table`` source: long recordings in tables, cut into windows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from sslkit.data.quality import Missing
from sslkit.data.reading.text.dialect import Reading
from sslkit.data.recordings.settings import Events, Settings, Short
from sslkit.data.tables.stamp_units import TimeUnit
from sslkit.errors import SSLKitError
from sslkit.hookspecs import hookimpl
from sslkit.types import Count, Dataset, DataSource, Positive, SampleSpec

if TYPE_CHECKING:
    from sslkit.registry import Registry


class SensorTable(DataSource):
    """Long sensor recordings in tables (CSV and other text, Parquet, Excel), cut into windows of a length and stride.

    A window never crosses a file, a recording, a change of label, group or part, or a gap in time (a step over 1.5 ×
    the usual one, or over ``max_gap``). Windows of one group (without a group column: of one recording; with fewer than
    three of them: of one unbroken stretch) are kept together by the split, so overlapping windows never leak.

    Labels, groups and recordings are text with one canonical form (``1`` and ``1.0`` are one person). How files are
    written is recognised and said; what could be read in two ways is asked for. See docs/data/sensor_table.md.

    Args:
        path: a file, or a folder of files (.csv, .tsv, .txt, .dat, also .gz; .parquet, .pq, .xlsx) with sub-folders.
        channels: columns to use as channels; column_1, column_2 … where a file has no names.
        length: rows in a window.
        stride: rows from one window's start to the next (default: half the length).
        rate_hz: rows per second; from the time column where not given.
        time: column of the time (numbers, dates, times of day, durations), or the columns of date and time.
        label: column of the label; empty where unknown.
        group: column of the subject or machine.
        recording: column that tells recordings in one file apart.
        missing: empty, NaN and Inf: refuse, interpolate along time, set to zero, or keep
            (sensors only): see ``SampleSpec.missing``.
        constant_channels: channels that never change: refuse, or keep.
        unknown: labels that mean "not labelled" (besides empty); default -1 and what programs write: NA, NaN, null …
        split: column that says of each row in which part it is: train, validation (val, dev), test (eval).
        validation_path: a file or folder that is the validation part.
        test_path: a file or folder that is the test part.
        events: a table of events (start, end or duration, label, and recording where there are several), instead of a
            label column.
        reading: how text is written, where it is not recognised.
        time_unit: of stamps that are numbers.
        day_first: whether 3/4 is the third of April.
        max_gap: seconds; a longer step is a gap (default: 1.5 × the usual step).
        resample_hz: the rate to bring all recordings to, also uneven ones.
        short: stretches shorter than a window: drop them, pad them by their mirror image, or let windows cross labels
            and carry that of most rows (majority).
        subtract: channel → number that is taken off before values are rounded to float32.

    Raises:
        SSLKitError: files, columns, cells or stamps that cannot be read or can be read in two ways, rows that are not
            in the order of time, rates that differ, values that float32 cannot hold, or nothing as long as a window.
    """

    def __init__(
        self,
        path: str,
        channels: list[str],
        length: Count,
        stride: Count | None = None,
        rate_hz: Positive | None = None,
        time: str | list[str] | None = None,
        label: str | None = None,
        group: str | None = None,
        recording: str | None = None,
        missing: Missing = "error",
        constant_channels: Literal["error", "keep"] = "error",
        unknown: list[str | int | float] | None = None,
        split: str | None = None,
        validation_path: str | None = None,
        test_path: str | None = None,
        events: str | Events | None = None,
        reading: Reading | None = None,
        time_unit: TimeUnit | None = None,
        day_first: bool | None = None,
        max_gap: Positive | None = None,
        resample_hz: Positive | None = None,
        short: Short = "drop",
        subtract: dict[str, float] | None = None,
    ) -> None:
        _check(channels, label, events, subtract or {})
        self.settings = Settings(
            path,
            tuple(channels),
            length,
            stride or max(1, length // 2),
            rate_hz,
            (time,) if isinstance(time, str) else tuple(time or ()),
            label,
            group,
            recording,
            missing,
            constant_channels,
            unknown,
            split,
            validation_path,
            test_path,
            {"path": events} if isinstance(events, str) else events,
            reading or {},
            time_unit,
            day_first,
            max_gap,
            resample_hz,
            short,
            subtract or {},
        )

    def load(self) -> Dataset:
        from sslkit.data.recordings.loading import load_recordings  # pyarrow: not for listing

        return load_recordings(self.settings)

    @classmethod
    def settings_for(cls, path: Path, spec: SampleSpec, reading: Mapping[str, Any]) -> dict[str, Any] | None:
        """Tables, for encoders of sensors: their channels and length, and of the rest what the file has."""
        if spec.modality != "sensor":
            return None
        channels, length = spec.shape
        named = {"channels": list(spec.channels)} if len(spec.channels) == channels else {}
        gaps = {"missing": "keep"} if spec.missing else {}
        rate = {} if reading.get("time") else {"rate_hz": spec.rate_hz}
        own = {**named, "length": length, "constant_channels": "keep", **rate, **gaps, **reading}
        return {"path": str(path), **own}

    def load_new(self) -> Dataset:
        from sslkit.data.recordings.loading import load_recordings

        return load_recordings(
            replace(self.settings, for_new=True, split=None, test_path=None, validation_path=None)
        )


def _check(
    channels: list[str], label: str | None, events: str | Events | None, subtract: dict[str, float]
) -> None:
    """What is wrong whatever the files hold."""
    if not channels:
        raise SSLKitError("channels is empty: name the columns to use, e.g. channels: [x, y, z].")
    if len(set(channels)) < len(channels):
        raise SSLKitError(f"channels names a column twice: {', '.join(channels)}.")
    if events is not None and label is not None:
        raise SSLKitError(
            "label and events are both set: labels come from a column or from a table of events."
        )
    if isinstance(events, dict) and "path" not in events:
        raise SSLKitError("events has no path: name the file of events.")
    strangers = sorted(set(subtract) - set(channels))
    if strangers:
        raise SSLKitError(f"subtract names what is no channel: {', '.join(strangers)}.")


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("sensor_table", SensorTable)
