"""The ``instrument_notes`` set, played from the sound font that pretty_midi carries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sslkit.data.reading.sounds.sound_files import resample
from sslkit.data.samples import ArraySamples
from sslkit.data.sets.packages import kept_array, package_file
from sslkit.data.sets.soundfont import SoundFont
from sslkit.hookspecs import hookimpl
from sslkit.randomness import numpy_generator
from sslkit.types import Dataset, DataSource, Note, Part, SampleSpec

if TYPE_CHECKING:
    from sslkit.registry import Registry

VERSION = 1  # of what is made: raise it with any change below, so that old caches are not used
RATE_HZ, PLAYED_HZ = 16000, 32000
PROGRAMS = range(0, 104, 2)  # General MIDI programs without effects and percussion, every other one
KEYS = range(36, 96)
BAND = 5  # neighbouring notes
TEST_BANDS = (2, 5, 8)
TAKES = 2
VELOCITY, HELD_SECONDS, PEAK, NOISE = (60, 128), (0.4, 0.95), (0.2, 0.9), 1e-3


class InstrumentNotes(DataSource):
    """Single notes of 52 sampled instruments, one second at 16 kHz, the test in bands of notes never heard.

    Played from TimGM6mb (from the package pretty_midi; a GPL-2 sound font of recorded instruments) by a small
    player of sslkit's own: 60 notes from C2 to B6, two takes of each with their own velocity, length and
    loudness. 12 bands of 5 neighbouring notes, 3 of them for the test: 4,680 and 1,560 clips; groups are
    bands. Made in about ten seconds, the same each time, and kept in ``~/.cache/sslkit`` (or
    ``$SSLKIT_CACHE``).

    Raises:
        SSLKitError: the package is not installed.
    """

    def load(self) -> Dataset:
        x = kept_array(f"instrument_notes-{VERSION}", _make)
        instruments, notes = np.divmod(np.arange(len(x)), len(KEYS) * TAKES)
        bands = notes // (TAKES * BAND)
        is_test = np.isin(bands, TEST_BANDS)
        train, test = (Part(ArraySamples(x[m]), instruments[m], bands[m]) for m in (~is_test, is_test))
        spec = SampleSpec("audio", (RATE_HZ,), float(RATE_HZ), scale=1 / 32768)
        names = tuple(f"program {program}" for program in PROGRAMS)
        notes_on_it = (Note("Notes of recorded instruments, played from a sound font."),)
        keys = [*KEYS]
        ranges = tuple(f"keys {keys[at]} to {keys[at + BAND - 1]}" for at in range(0, len(keys), BAND))
        return Dataset(spec, train, test, names, notes_on_it, ranges)


def _make() -> np.ndarray:
    """All clips, int16 ``(N, RATE_HZ)``, instrument by instrument, note by note."""
    font = SoundFont(package_file("pretty_midi", "TimGM6mb.sf2", "pretty_midi"))
    random = numpy_generator(0, "instrument_notes", VERSION)
    made = []
    for program in PROGRAMS:
        velocities = random.integers(*VELOCITY, (len(KEYS), TAKES)).tolist()
        held = random.uniform(*HELD_SECONDS, (len(KEYS), TAKES)).tolist()
        notes = [
            font.note(program, key, velocities[i][take], held[i][take], 1.0, PLAYED_HZ)
            for i, key in enumerate(KEYS)
            for take in range(TAKES)
        ]
        played = np.stack(notes)
        clips = resample(played, PLAYED_HZ, RATE_HZ)
        clips /= np.maximum(np.abs(clips).max(axis=1, keepdims=True), 1e-6)
        clips = clips * random.uniform(*PEAK, (len(clips), 1)) + NOISE * random.standard_normal(clips.shape)
        made.append(np.round(clips.clip(-1, 1) * 32767).astype(np.int16))
    return np.concatenate(made)


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("instrument_notes", InstrumentNotes)
