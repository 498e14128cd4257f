"""Recordings → windows: where they begin, what class they have, and which classes are lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sslkit.data.identifiers import unknown_texts
from sslkit.data.recordings.missing import fill
from sslkit.data.recordings.recorded import Recorded, stretches
from sslkit.data.recordings.settings import Settings
from sslkit.errors import SSLKitError
from sslkit.types import Note


@dataclass(frozen=True)
class Windows:
    """Windows of all files in one signal.

    Args:
        signal: float32 ``(C, T)``.
        starts: first time step of each window.
        stretches: for each window, the number of the stretch that it is cut from.
        labels, groups, recordings: text, for each window.
        files, rows_of_files, seconds: the path that each window comes from, the row in it (as an editor counts) that
            it begins in, and the time since the file's first row (NaN without a clock or a rate).
        parts: 0 training, 1 validation, 2 test.
        rows, used: of all files, and how many are in a window.
    """

    signal: np.ndarray
    starts: np.ndarray
    stretches: np.ndarray
    labels: np.ndarray
    groups: np.ndarray
    recordings: np.ndarray
    parts: np.ndarray
    files: np.ndarray
    rows_of_files: np.ndarray
    seconds: np.ndarray
    rows: int
    used: int
    notes: tuple[Note, ...] = ()


@dataclass
class _Stretches:
    """Of one file: what nothing interrupts."""

    file: Recorded
    labels: np.ndarray  # for each row, a place in the texts; -1 unknown
    starts: np.ndarray
    stops: np.ndarray


def cut(files: Sequence[Recorded], settings: Settings) -> Windows:
    """Cut windows of ``length`` rows, ``stride`` rows apart, from stretches that nothing interrupts.

    Stretches end at a recording's, group's or part's end, at a gap, and (unless windows carry their majority's label)
    where the label changes. Short ones are dropped, or padded by their mirror image to one window.

    Raises:
        SSLKitError: none is as long as a window.
    """
    unknown = unknown_texts(settings.unknown)
    texts = np.unique(np.concatenate([np.unique(file.labels) for file in files]))
    known = {text: place for place, text in enumerate(t for t in texts.tolist() if t not in unknown)}
    pieces = [_stretches(file, texts, known, settings) for file in files]
    sizes = np.concatenate([piece.stops - piece.starts for piece in pieces])
    pad = settings.short == "pad"
    if not pad and not (sizes >= settings.length).any():
        raise SSLKitError(_too_short(settings, pieces, sizes))
    _check_gaps(pieces, sizes, settings)
    signals, columns, offset, number = [], [], 0, 0
    for piece in pieces:
        signal, own = _of_file(piece, settings, offset, number, [*known])
        signals.append(signal)
        columns.append(own)
        offset += signal.shape[1]
        number += len(piece.starts)
    starts, stretch, labels, groups, recordings, parts, where, rows, seconds = (
        np.concatenate(one) for one in zip(*columns, strict=True)
    )
    notes = [*_lost_rows(sizes, settings, files), *_lost_classes(pieces, [*known], labels, settings)]
    if settings.short == "majority":
        notes += _mixed(pieces, settings)
    return Windows(
        np.concatenate(signals, axis=1),
        starts,
        stretch,
        labels,
        groups,
        recordings,
        parts,
        where,
        rows,
        seconds,
        int(sizes.sum()),
        int(_used(sizes, settings).sum()),
        tuple(notes),
    )


def _stretches(file: Recorded, texts: np.ndarray, known: dict[str, int], settings: Settings) -> _Stretches:
    codes = np.array([known.get(text, -1) for text in texts.tolist()], dtype=np.int64)
    labels = codes[np.searchsorted(texts, file.labels)]
    breaks = file.begins | file.gaps
    if settings.short != "majority":
        breaks = breaks | (labels[1:] != labels[:-1])
    return _Stretches(file, labels, *stretches(breaks))


def _of_file(
    piece: _Stretches, settings: Settings, offset: int, number: int, names: Sequence[str]
) -> tuple[np.ndarray, tuple[np.ndarray, ...]]:
    """The file's signal in float32 (with what is padded behind it), and of each window start, stretch, label …"""
    file, length = piece.file, settings.length
    signal = fill(file.values, piece.starts, piece.stops, settings)
    sizes = piece.stops - piece.starts
    begin, owner, extra, end = [], [], [], signal.shape[1]
    for place, (first, size) in enumerate(zip(piece.starts, sizes, strict=True)):
        if size >= length:
            begin.append(np.arange(first, first + size - length + 1, settings.stride))
        elif settings.short == "pad":
            own = signal[:, first : first + size]
            extra.append(np.pad(own, ((0, 0), (0, length - size)), mode="symmetric"))
            begin.append(np.array([end]))
            end += length
        else:
            continue
        owner.append(np.full(len(begin[-1]), place))
    starts = np.concatenate(begin) if begin else np.empty(0, np.int64)
    owners = np.concatenate(owner) if owner else np.empty(0, np.int64)
    first = piece.starts[owners]
    rows = np.where(starts < signal.shape[1], starts, first)  # of a padded window, where its stretch begins
    if settings.short == "majority":
        labels = _majority(piece.labels, starts, length, names)
    else:
        labels = file.labels[first]
    whole = np.concatenate([signal, *extra], axis=1) if extra else signal
    recordings = np.array(file.recording_names, dtype=str)[file.recordings[first]]
    return whole, (
        starts + offset,
        owners + number,
        labels,
        file.groups[first],
        recordings,
        file.parts[first],
        np.full(len(rows), file.where, dtype=object),
        np.array([file.line(row) for row in rows.tolist()], dtype=np.int64),
        _seconds(file, rows, settings),
    )


def _seconds(file: Recorded, rows: np.ndarray, settings: Settings) -> np.ndarray:
    """Since the file's first row."""
    if file.seconds is not None:
        return np.asarray(file.seconds[rows] - file.seconds.min())
    return rows / settings.rate_hz if settings.rate_hz else np.full(len(rows), np.nan)


def _majority(labels: np.ndarray, starts: np.ndarray, length: int, names: Sequence[str]) -> np.ndarray:
    """The label that most rows of a window have, ``""`` where they have none; of equals, the first in order."""
    most = np.full(len(starts), -1)
    best = np.zeros(len(starts), dtype=np.int64)
    for code in range(-1, len(names)):
        total = np.concatenate([[0], np.cumsum(labels == code)])
        count = total[starts + length] - total[starts]
        most = np.where(count > best, code, most)
        best = np.maximum(count, best)
    carried: np.ndarray = np.array([*names, ""], dtype=str)[most]
    return carried


def _used(sizes: np.ndarray, settings: Settings) -> np.ndarray:
    """Rows of each stretch that are in a window."""
    count = np.maximum(0, (sizes - settings.length) // settings.stride + 1)
    covered = np.where(count > 0, (count - 1) * min(settings.stride, settings.length) + settings.length, 0)
    return np.where((count == 0) & (settings.short == "pad"), sizes, covered)


def _too_short(settings: Settings, pieces: Sequence[_Stretches], sizes: np.ndarray) -> str:
    gaps = sum(int(piece.file.gaps.sum()) for piece in pieces)
    advice = "Set a smaller length."
    if gaps:
        advice = (
            f"There are {gaps:,} gaps in time: set max_gap (seconds) to go on over them, or resample_hz to put uneven "
            f"rows on an even grid; or set a smaller length."
        )
    elif settings.label is not None or settings.events is not None:
        advice = "Set a smaller length, or short: majority (windows that carry the label of most rows) or short: pad."
    return (
        f"{settings.path}: no window of {settings.length} rows fits: the longest stretch of one recording and label "
        f"without a gap has {sizes.max()}. {advice}"
    )


def _check_gaps(pieces: Sequence[_Stretches], sizes: np.ndarray, settings: Settings) -> None:
    """Refuse to go on with less than half of the rows because of a rule for gaps that the user has not chosen."""
    gaps = sum(int(piece.file.gaps.sum()) for piece in pieces)
    if not gaps or settings.max_gap is not None or settings.short == "pad":
        return
    ends = [(piece.labels[1:] != piece.labels[:-1]) & (settings.short != "majority") for piece in pieces]
    whole = [stretches(piece.file.begins | end) for piece, end in zip(pieces, ends, strict=True)]
    longer = np.concatenate([stops - starts for starts, stops in whole])
    lost = int(sizes[sizes < settings.length].sum() - longer[longer < settings.length].sum())
    if 2 * lost <= sizes.sum():
        return
    steps = [one.step for piece in pieces for one in piece.file.timings if one.step]
    step = float(np.median(steps)) if steps else 1.0
    raise SSLKitError(
        f"{settings.path}: {lost:,} of {int(sizes.sum()):,} rows are in stretches shorter than {settings.length} rows "
        f"because {gaps:,} steps in time are longer than 1.5 × the usual one. Set resample_hz: {1 / step:.4g} "
        f"to put uneven rows on an even grid, max_gap: {4 * step:.3g} (seconds) to go on over shorter gaps as if there "
        f"were none, max_gap: {1.5 * step:.3g} to go on as it is, or a smaller length."
    )


def _lost_rows(sizes: np.ndarray, settings: Settings, files: Sequence[Recorded]) -> list[Note]:
    short = sizes < settings.length
    if not short.any():
        return []
    lost, of = int(sizes[short].sum()), int(sizes.sum())
    if settings.short == "pad":
        what = f"row(s) in {int(short.sum()):,} short stretches are padded by their mirror image to a window each"
        return [Note(what, lost, of, why=f"they are shorter than {settings.length} rows")]
    cure = ""
    if lost > 0.05 * of:
        cure = (
            "A smaller length, short: pad"
            + (", short: majority" if settings.short == "drop" else "")
            + " would use more."
        )
    return [Note("rows are not used", lost, of, why="their stretches are shorter than a window", cure=cure)]


def _lost_classes(
    pieces: Sequence[_Stretches], names: Sequence[str], labels: np.ndarray, settings: Settings
) -> list[Note]:
    """Classes of which no window is left, and the length that would keep them."""
    lost = sorted(
        set(range(len(names))) - {names.index(text) for text in np.unique(labels).tolist() if text in names}
    )
    if not lost:
        return []
    which, longest = [], []
    for code in lost:
        runs = [_runs(piece, code) for piece in pieces]
        sizes = np.concatenate(runs)
        longest.append(int(sizes.max()))
        which.append(
            f"{names[code]}: {sizes.sum():,} rows in {len(sizes):,} stretches of up to {sizes.max()} rows"
        )
    why = f"a window has {settings.length} rows"
    cure = f"length: {min(longest)} keeps them"
    if settings.short == "majority":
        why, cure = (
            "they have the majority of no window",
            f"length: {max(1, 2 * min(longest) - 1)} or less gives them some",
        )
    elif settings.short == "drop":
        cure += ", or short: majority, or short: pad"
    return [
        Note(
            "class(es) have no window and are lost",
            len(lost),
            len(names),
            tuple(which),
            why,
            f"{cure}.",
            True,
        )
    ]


def _runs(piece: _Stretches, code: int) -> np.ndarray:
    """Rows of each run of a label."""
    edges = piece.file.begins | piece.file.gaps | (piece.labels[1:] != piece.labels[:-1])
    starts, stops = stretches(edges)
    mine = piece.labels[starts] == code
    return np.asarray((stops - starts)[mine])


def _mixed(pieces: Sequence[_Stretches], settings: Settings) -> list[Note]:
    mixed = total = 0
    for piece in pieces:
        changes = np.concatenate([[0, 0], np.cumsum(piece.labels[1:] != piece.labels[:-1])])
        for first, stop in zip(piece.starts, piece.stops, strict=True):
            starts = np.arange(first, stop - settings.length + 1, settings.stride)
            mixed += int((changes[starts + settings.length] > changes[starts + 1]).sum())
            total += len(starts)
    what = "window(s) hold more than one label and carry that of most of their rows"
    return [Note(what, mixed, total)] if mixed else []
