"""Tables of recordings → a data set of windows."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from sslkit.data.identifiers import unknown_texts
from sslkit.data.labels import encode_groups, encode_labels
from sslkit.data.quality import check_constant
from sslkit.data.reading.notes import merged
from sslkit.data.recordings import missing
from sslkit.data.recordings.events import label_rows
from sslkit.data.recordings.parts import NAMES, TEST, TRAINING, VALIDATION
from sslkit.data.recordings.precision import check_precision
from sslkit.data.recordings.reading_files import Files, read_files
from sslkit.data.recordings.recorded import Recorded
from sslkit.data.recordings.settings import Settings
from sslkit.data.recordings.timing.clocks import Rates, common_rate, gap_notes, measure
from sslkit.data.recordings.timing.one_rate import resampled
from sslkit.data.recordings.windows import Windows, cut
from sslkit.data.samples import WindowSamples
from sslkit.data.tables.stamps import Clock
from sslkit.errors import SSLKitError
from sslkit.types import Dataset, Note, Part, SampleSpec

ENOUGH_RECORDINGS = 3  # for a training, a validation and a test part
NAMED = 12  # channels that a line has room for


def load_recordings(settings: Settings) -> Dataset:
    """Read all files, order their rows, bring them to one rate, cut windows, and number labels and groups.

    Raises:
        SSLKitError: what ``SensorTable`` says.
    """
    files = read_files(settings)
    recorded, notes, settings = files.recorded, list(files.notes), files.settings
    if settings.events is not None:
        recorded, said = label_rows(recorded, files.clock, settings)
        notes += said
    recorded = [measure(one, settings) for one in recorded]
    rates = common_rate(recorded, settings)
    notes += gap_notes(recorded, settings) if settings.resample_hz is None else []
    notes += missing.check_values(recorded, settings)
    before = sum(one.rows for one in recorded)
    if settings.resample_hz is not None:
        recorded, said = resampled(recorded, settings)
        notes += said
    check_precision([one.values for one in recorded], settings.channels, settings.length, settings.path)
    windows = cut(recorded, settings)
    if settings.constant_channels == "error":
        check_constant(windows.signal[None], settings.channels, settings.path)
    rate = settings.resample_hz or rates.rate_hz
    facts = _facts(files, recorded, windows, rates, rate, before, settings)
    return _dataset(windows, rate, [*notes, *windows.notes], facts, settings, _reading(settings, files.clock))


def _reading(settings: Settings, clock: Clock | None) -> dict[str, object]:
    """How new recordings are read alike, with what was found of the stamps."""
    kept = (
        "stride",
        "label",
        "group",
        "recording",
        "missing",
        "unknown",
        "reading",
        "max_gap",
        "resample_hz",
        "short",
    )
    found: dict[str, object] = {name: getattr(settings, name) for name in kept}
    found |= {"time": list(settings.time), "subtract": dict(settings.subtract)}
    if clock is not None:
        found |= {"time_unit": clock.unit.name} if clock.form == "numbers" else {}
        found |= {"day_first": clock.day_first} if clock.form == "dates" else {}
    return {name: value for name, value in found.items() if value not in (None, "", [], {}, ())}


def _dataset(
    windows: Windows,
    rate: float | None,
    notes: Sequence[Note],
    facts: dict[str, str],
    settings: Settings,
    reading: dict[str, object],
) -> Dataset:
    kept = settings.missing == "keep"
    spec = SampleSpec(
        "sensor", (len(settings.channels), settings.length), rate, settings.channels, missing=kept
    )
    rows = [np.flatnonzero(windows.parts == number) for number in NAMES]
    if not len(rows[TRAINING]):
        raise SSLKitError(f"{settings.path}: the training part has no window of {settings.length} rows.")
    present = [number for number in (TRAINING, TEST, VALIDATION) if len(rows[number])]
    column = settings.label or "events"
    if not settings.for_new:
        _check_whole(windows.labels, settings, column)
    labels = encode_labels(
        [windows.labels[rows[number]] for number in present],
        f"{settings.path}: column '{column}'" if settings.label else f"{settings.path}: events",
        unknown=settings.unknown,
    )
    groups, group_names, group_notes = _groups(windows, [rows[number] for number in present], settings)
    parts = {
        number: Part(
            WindowSamples(windows.signal, windows.starts[rows[number]], settings.length),
            y,
            group,
            _origins(windows, rows[number]),
        )
        for number, y, group in zip(present, labels.codes, groups, strict=True)
    }
    # of events, the rows in none are noted already
    said = [note for note in labels.notes if settings.label or note.which[0].split(":")[0] != "empty"]
    all_notes = merged([*said, *group_notes, *notes])
    return Dataset(
        spec,
        parts[TRAINING],
        parts.get(TEST),
        labels.class_names,
        all_notes,
        group_names,
        facts,
        parts.get(VALIDATION),
        reading,
    )


def _origins(windows: Windows, rows: np.ndarray) -> dict[str, np.ndarray]:
    seconds = windows.seconds[rows]
    found = {"path": windows.files[rows], "row": windows.rows_of_files[rows]}
    return found | ({} if np.isnan(seconds).all() else {"second": seconds})


def _check_whole(labels: np.ndarray, settings: Settings, column: str) -> None:
    """Fractions are measurements, not classes."""
    present = [text for text in np.unique(labels).tolist() if text not in unknown_texts(settings.unknown)]
    numbers = [text for text in present if re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", text)]
    broken = [text for text in numbers if not float(text).is_integer()]
    if broken and len(numbers) == len(present):
        raise SSLKitError(
            f"{settings.path}: column '{column}': label {broken[0]} is not a whole number. Labels are classes; bin a "
            "measured quantity first."
        )


def _groups(
    windows: Windows, rows: Sequence[np.ndarray], settings: Settings
) -> tuple[Sequence[np.ndarray | None], tuple[str, ...], tuple[Note, ...]]:
    """For each window of each part its group's number; the groups' names, and notes on where they come from.

    Without a column they are what a split keeps together, and new samples for an encoder have none.
    """
    if settings.group is not None:
        return encode_groups([windows.groups[index] for index in rows], f"column '{settings.group}'")
    if settings.for_new:
        return [None] * len(rows), (), ()
    needed = ENOUGH_RECORDINGS - (len(rows) - 1)
    if len(np.unique(windows.recordings[rows[0]])) >= needed:
        codes, names, _ = encode_groups([windows.recordings[index] for index in rows])
        return codes, names, ()
    codes, *_ = encode_groups([windows.stretches[index] for index in rows])
    count = 1 + max(int(code.max()) for code in codes)
    note = Note(
        "the split keeps unbroken stretches together, not recordings",
        why="there are fewer than three recordings and no group column",
        cure="New recordings may be harder.",
    )
    return codes, tuple(f"stretch {number}" for number in range(count)), (note,)


def _facts(
    files: Files,
    recorded: Sequence[Recorded],
    windows: Windows,
    rates: Rates,
    rate: float | None,
    before: int,
    settings: Settings,
) -> dict[str, str]:
    """What was read."""
    words = list(dict.fromkeys(table.words for table in files.tables))
    more = f"; and {len(words) - 3} more" if len(words) > 3 else ""
    recordings = len({name for one in recorded for name in one.recording_names})
    facts = {
        "files": f"{len(files.tables):,}, with {recordings:,} recording{'s' * (recordings != 1)} and {before:,} rows",
        "read as": "; ".join(words[:3]) + more,
    }
    if files.clock is not None:
        facts["time"] = f"column '{settings.time_name}', {files.clock.words}"
    if rates.words:
        facts["rates"] = rates.words + (f"; all resampled to {rate:g} Hz" if settings.resample_hz else "")
    share = windows.used / max(1, windows.rows)
    facts["in windows"] = f"{windows.used:,} of {windows.rows:,} rows ({share:.1%})"
    if rate:
        facts["in windows"] += f", {windows.used / rate:,.1f} of {windows.rows / rate:,.1f} s"
    units = files.tables[0].units
    lowest = np.nanmin(windows.signal, axis=1, initial=np.inf, where=np.isfinite(windows.signal))
    highest = np.nanmax(windows.signal, axis=1, initial=-np.inf, where=np.isfinite(windows.signal))
    each = [
        f"{name} {low:.4g}…{high:.4g}{' ' + units[name] if name in units else ''}"
        + (f" (less {settings.subtract[name]:.15g})" if name in settings.subtract else "")
        for name, low, high in zip(settings.channels, lowest, highest, strict=True)
    ]
    facts["channels"] = ", ".join(each[:NAMED]) + (
        f" and {len(each) - NAMED} more" if len(each) > NAMED else ""
    )
    return facts
