"""Sound files → clips of one rate and length: which stretch of which file each clip is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Literal

import numpy as np

from sslkit.data.reading.lists.file_lists import FileList
from sslkit.data.reading.sounds.sound_files import read_stretch
from sslkit.data.reading.sounds.sound_headers import SoundHeader, sound_header
from sslkit.errors import SSLKitError
from sslkit.types import Note

ClipsOf = Literal["middle", "all"]
Place = tuple[int | None, int]  # first sample at the clips' rate (None: of the file's middle), and how many
TOLERANCE_S = 0.1  # ends of segments are often rounded up
LITTLE = 0.5  # share of the recordings: a note says so where less is used


def read_clip(path: Path, rate_hz: int, length: int, place: Place | None = None) -> np.ndarray:
    """A stretch of a sound file → mono float32 ``(length,)`` at ``rate_hz``; where it is shorter, zeros on both sides.

    Channels are averaged; other rates are resampled (polyphase filter). Only what is needed is decoded.

    Args:
        path: the file.
        rate_hz: of the clip.
        length: of the clip.
        place: where the stretch begins and how long it is; None: the middle of the file.

    Raises:
        SSLKitError: the file cannot be read, or is empty.
    """
    first, count = place or (None, length)
    return fit_length(read_stretch(path, rate_hz, first, min(count, length)), length)


def begin_second(header: SoundHeader, place: Place, rate_hz: int) -> float:
    """Where in its file a clip begins; 0 where the file is shorter."""
    first, count = place
    if first is None:
        first = max(0, _length_at(header, rate_hz) - count) // 2
    return first / rate_hz


def _length_at(header: SoundHeader, rate_hz: int) -> int:
    """Samples of the whole file when it is resampled."""
    return -(-header.frames * rate_hz // header.rate_hz)


def fit_length(sound: np.ndarray, length: int) -> np.ndarray:
    """``(T,)`` → ``(length,)``: cropped or padded with zeros, the middle stays in the middle."""
    excess = len(sound) - length
    if excess >= 0:
        return sound[excess // 2 : excess // 2 + length]
    return np.pad(sound, (-excess // 2, -excess - -excess // 2))


def survey_clips(paths: Sequence[Path], workers: int) -> dict[Path, SoundHeader]:
    """The header of each file; ``problem`` is set where it cannot be read."""
    different = list(dict.fromkeys(paths))
    with ThreadPoolExecutor(workers) as pool:
        return dict(zip(different, pool.map(sound_header, different), strict=True))


def cut_clips(
    files: FileList, headers: dict[Path, SoundHeader], rate_hz: int, length: int, clips: ClipsOf
) -> tuple[FileList, list[Place]]:
    """The clips of each file (or of each segment that the list has): its middle, or all of it.

    Of ``all``, a rest of half a clip and more counts; clips of one file stay together in the split unless the list has
    groups.

    Raises:
        SSLKitError: segments beyond the end of their file.
    """
    rows, places = list[int](), list[Place]()
    beyond, cut = list[int](), list[int]()
    for row, path in enumerate(files.paths):
        total = _length_at(headers[path], rate_hz)
        first, last = 0, total
        if files.spans is not None:
            start, end = files.spans[row]
            first, last = round(start * rate_hz), total if end == np.inf else min(round(end * rate_hz), total)
            if first >= total:
                beyond.append(row)
                continue
            if end != np.inf and end > headers[path].seconds + TOLERANCE_S:
                cut.append(row)
        found = _pieces(first, last - first, length, clips, whole=files.spans is None)
        rows += [row] * len(found)
        places += found
    if beyond:
        start, _ = files.spans[beyond[0]] if files.spans else (0.0, 0.0)
        path = files.paths[beyond[0]]
        raise SSLKitError(
            f"{files.where}: {len(beyond)} segment(s) begin behind the end of their file, the first at {start:g} s of "
            f"{path} ({headers[path].seconds:g} s). Are start and end in seconds, and of this file?"
        )
    chosen = files.chosen(rows)
    if cut:
        which = tuple(f"{files.paths[row].name}: to {files.spans[row][1]:g} s" for row in cut if files.spans)
        why, cure = "only what is there is used", "Are start and end in seconds, and of this file?"
        note = Note(
            "segments end behind the end of their file",
            len(cut),
            len(files.paths),
            which,
            why,
            cure,
            warning=True,
        )
        chosen = replace(chosen, notes=(*chosen.notes, note))
    if (files.groups is None and len(set(rows)) < len(rows)) or (
        files.spans is not None and files.groups is None
    ):
        chosen = replace(chosen, groups=[str(path) for path in chosen.paths])
        cure = "Name the speaker or machine in a column group, if there is one."
        note = Note("clips of one file stay together in the split", why="there is no group", cure=cure)
        chosen = replace(chosen, notes=(*chosen.notes, note))
    return chosen, places


def _pieces(first: int, count: int, length: int, clips: ClipsOf, whole: bool) -> list[Place]:
    if clips == "middle":
        if whole:
            return [(None, length)]
        return [(first + max(0, count - length) // 2, min(count, length))]
    starts = range(first, first + max(1, count - length // 2), length)
    return [(start, min(length, first + count - start)) for start in starts]


def sound_facts(
    files: FileList, headers: dict[Path, SoundHeader], places: Sequence[Place], rate_hz: int, length: int
) -> tuple[dict[str, str], list[Note]]:
    """What is there and how much of it is used, and what was converted: rates, channels, lengths."""
    known = {path: headers[path] for path in dict.fromkeys(files.paths)}
    total = sum(header.seconds for header in known.values())
    lengths = [
        min(count, headers[path].seconds * rate_hz)
        for path, (_, count) in zip(files.paths, places, strict=True)
    ]
    used = sum(lengths) / rate_hz
    rates = _counted(header.rate_hz for header in known.values())
    facts = {
        "sound": f"{used:,.1f} of {total:,.1f} s used ({used / max(total, 1e-9):.0%}), in {len(places):,} clips",
        "rates": ", ".join(f"{rate:,} Hz: {count:,} files" for rate, count in rates.items()),
        "channels of the files": ", ".join(
            f"{n}: {count:,} files" for n, count in _counted(h.channels for h in known.values()).items()
        ),
    }
    notes = []
    if used < LITTLE * total:
        what = f"s of {total:,.1f} s of sound are used"
        cure = "clips: all cuts whole recordings into clips; seconds: makes them longer."
        notes.append(Note(what, round(used), why=f"a clip is {length / rate_hz:g} s of each", cure=cure))
    other = {rate: count for rate, count in rates.items() if rate != rate_hz}
    if other:
        which = tuple(f"{rate:,} Hz: {count:,}" for rate, count in other.items())
        cure = f"rate_hz: {max(rates)} keeps all that was recorded." if max(rates) > rate_hz else ""
        notes.append(
            Note(f"files are resampled to {rate_hz:,} Hz", sum(other.values()), len(known), which, cure=cure)
        )
    mixed = sum(header.channels > 1 for header in known.values())
    if mixed:
        notes.append(Note("files have several channels, which are averaged", mixed, len(known)))
    padded = sum(stretch < length for stretch in lengths)
    if padded:
        notes.append(
            Note("clips are padded with silence", padded, len(places), why="their sounds are shorter")
        )
    return facts, [*notes, *_rates_by_class(files, headers)]


def _rates_by_class(files: FileList, headers: dict[Path, SoundHeader]) -> list[Note]:
    """Classes that were recorded at rates of their own can be told apart without listening."""
    rates: dict[str, set[int]] = {}
    for path, label in zip(files.paths, files.labels, strict=True):
        rates.setdefault(label, set()).add(headers[path].rate_hz)
    labelled = {label: found for label, found in rates.items() if label}
    if len({frozenset(found) for found in labelled.values()}) < 2:
        return []
    which = tuple(
        f"{label}: {', '.join(f'{rate:,}' for rate in sorted(found))} Hz" for label, found in labelled.items()
    )
    why = "what a low rate cannot carry tells the classes apart, whatever they sound like"
    cure = "Record all alike, or set rate_hz to the lowest of these rates."
    return [Note("classes were recorded at different rates", len(labelled), None, which, why, cure, True)]


def _counted(values: Iterable[int]) -> dict[int, int]:
    """Value → how often it is there, in ascending order."""
    return dict(sorted(Counter(values).items()))
