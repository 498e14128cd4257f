"""Random lists of random sounds and segments: clips, labels, groups and parts against what was written."""

from __future__ import annotations

from dataclasses import dataclass
from math import gcd
from pathlib import Path

import numpy as np
import pytest
import soundfile
from scipy.signal import resample_poly

from sslkit.data.sources.audio_folder import AudioFolder
from sslkit.types import Dataset, Part

CASES, MANY = 40, 500
RATE, LENGTH = 8000, 400  # of the clips
SEPARATORS, ENCODINGS = (",", ";", "\t", "|"), ("utf-8", "utf-8-sig", "utf-16", "cp1252")
PATH_NAMES = ("path", "filename", "slice_path", "File", "audio_path")
LABEL_NAMES, GROUP_NAMES = ("label", "category", "Class", "species"), ("group", "speaker", "subject_id")
SEGMENTS = (
    (),
    ("start", "end"),
    ("onset", "offset"),
    ("Begin Time (s)", "End Time (s)"),
    ("start_time", "duration"),
)
LABELS, PEOPLE = ("Säge", "rain", "läuft"), ("01", "1", "anna")


@dataclass
class Written:
    """A file: its mono sound at the clips' rate, in numpy's and scipy's arithmetic."""

    name: str
    seconds: float
    sound: np.ndarray


def _sound(folder: Path, number: int, random: np.random.Generator) -> Written:
    rate = int(random.choice([4000, 8000, 11_025, 16_000]))
    frames, channels = int(random.integers(200, 4000)), int(random.integers(1, 3))
    suffix, subtype = ((".wav", "PCM_16"), (".flac", "PCM_16"), (".wav", "FLOAT"))[random.integers(3)]
    whole = random.integers(-20_000, 20_000, (frames, channels)).astype(np.int16)
    name = f"klänge/{number}{suffix}"
    soundfile.write(folder / name, whole / 32768, rate, subtype=subtype)
    common = gcd(rate, RATE)
    mono = (whole / 32768).mean(axis=1)
    sound = mono if rate == RATE else resample_poly(mono, RATE // common, rate // common)
    return Written(name, frames / rate, sound)


def _clips(sound: np.ndarray, span: tuple[float, float] | None, clips: str) -> list[np.ndarray]:
    """What a segment gives: its middle, or every ``LENGTH`` samples and a rest of half a clip and more."""
    first = 0 if span is None else round(span[0] * RATE)
    last = len(sound) if span is None else min(round(span[1] * RATE), len(sound))
    count = last - first
    if clips == "middle":
        starts = [first + max(0, count - LENGTH) // 2]
    else:
        starts = [
            first + place for place in range(0, count, LENGTH) if place == 0 or count - place > LENGTH // 2
        ]
    found = []
    for start in starts:
        piece = sound[start : min(start + LENGTH, last)]
        lacking = LENGTH - len(piece)
        found.append(np.pad(piece, (lacking // 2, lacking - lacking // 2)))
    return found


def _check_case(folder: Path, seed: int) -> None:
    random = np.random.default_rng(seed)
    (folder / "klänge").mkdir()
    files = [_sound(folder, number, random) for number in range(int(random.integers(4, 8)))]
    names = [str(random.choice(PATH_NAMES)), str(random.choice(LABEL_NAMES)), str(random.choice(GROUP_NAMES))]
    segment = SEGMENTS[random.integers(len(SEGMENTS))]
    has_groups, has_parts, backslash, all_clips = random.random(4) < (0.5, 0.5, 0.3, 0.5)
    clips = "all" if all_clips else "middle"
    separator, comma = str(random.choice(SEPARATORS)), bool(random.random() < 0.3)
    comma = comma and separator != ","
    header = [*names[: 3 if has_groups else 2], *segment, *(["split"] if has_parts else []), "Bemerkung"]
    lines, rows = [separator.join(header)], []
    for number in range(12):
        one = files[number % len(files)]
        label = (
            LABELS[number % 3]
            if number < 6 or random.random() < 0.8
            else str(random.choice(["", "NA", "-1"]))
        )
        person, part = str(random.choice(PEOPLE)), "Test" if has_parts and number % 3 == 2 else "train"
        span = None
        if segment:
            start = round(float(random.uniform(0, one.seconds / 2)), 4)
            span = (start, round(start + float(random.uniform(0.2, 1.0)) * one.seconds / 2, 4))
        shown = one.name.replace("/", "\\") if backslash else one.name
        cells = [shown, label, *([person] if has_groups else [])]
        if span is not None:
            second = span[1] - span[0] if segment[1] == "duration" else span[1]
            cells += [f"{value:.4f}".replace(".", "," if comma else ".") for value in (span[0], second)]
        lines.append(separator.join([*cells, *([part] if has_parts else []), f"n{number}"]))
        lines += [""] if random.random() < 0.1 else []
        rows += [
            (clip, label if label in LABELS else "", person, one.name, part)
            for clip in _clips(one.sound, span, clips)
        ]
    (folder / "liste.csv").write_text("\n".join(lines) + "\n", encoding=str(random.choice(ENCODINGS)))
    path_column = names[0] if names[0] == "slice_path" else None
    settings = {"rate_hz": RATE, "seconds": LENGTH / RATE, "clips": clips, "path_column": path_column}
    dataset = AudioFolder(str(folder / "liste.csv"), **settings).load()
    by_file = not has_groups and (bool(segment) or len(rows) > 12)
    for part, name in ((dataset.train, "train"), (dataset.test, "Test")):
        wanted = [row for row in rows if row[4] == name]
        assert len(wanted) == (0 if part is None else len(part))
        if part is not None:
            _compare(dataset, part, wanted, folder, has_groups, by_file)


def _compare(
    dataset: Dataset, part: Part, wanted: list[tuple], folder: Path, has_groups: bool, by_file: bool
) -> None:
    clips = part.x[np.arange(len(part))].numpy()
    np.testing.assert_allclose(clips, np.stack([row[0] for row in wanted]), atol=2e-4)
    assert [dataset.class_names[y] if y >= 0 else "" for y in part.y] == [row[1] for row in wanted]
    assert [str(folder / row[3]) for row in wanted] == part.origins["path"].tolist()
    if not has_groups and not by_file:
        assert part.groups is None
        return
    assert part.groups is not None
    named = [dataset.group_names[group] for group in part.groups]
    assert named == [row[2] if has_groups else str(folder / row[3]) for row in wanted]


@pytest.mark.parametrize("seed", range(CASES))
def test_random_lists_of_sounds(tmp_path: Path, seed: int) -> None:
    _check_case(tmp_path, seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(CASES, MANY))
def test_many_random_lists_of_sounds(tmp_path: Path, seed: int) -> None:
    _check_case(tmp_path, seed)
