"""The ``spoken_words`` set, made by espeak-ng."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sslkit.data.reading.sounds.clips import fit_length
from sslkit.data.reading.sounds.sound_files import resample
from sslkit.data.samples import ArraySamples
from sslkit.data.sets.packages import kept_array
from sslkit.data.sets.speech import speak
from sslkit.hookspecs import hookimpl
from sslkit.randomness import numpy_generator
from sslkit.types import Dataset, DataSource, Note, Part, SampleSpec

if TYPE_CHECKING:
    from sslkit.registry import Registry

VERSION = 1  # of what is made: raise it with any change below, so that old caches are not used
RATE_HZ = 16000
# fmt: off
WORDS = [
    "yes", "no", "up", "down", "left", "right", "on", "off", "stop", "go",
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
    "bird", "cat", "dog", "house", "tree", "happy", "wow", "marvin", "sheila", "bed",
]
ACCENTS = [
    "en-us", "en-us-nyc", "en-029", "en-gb-scotland", "en-gb-x-rp", "en-gb-x-gbclan", "en-gb-x-gbcwmd", "en",
]
TRAIN_VOICES = [
    "m1", "m2", "m3", "m4", "m5", "m6", "f1", "f2", "f3", "klatt", "klatt4", "Andy", "Alex", "Annie",
]
TEST_VOICES = ["m7", "m8", "f4", "f5", "klatt2", "linda"]
# fmt: on
PITCH, WORDS_PER_MINUTE, NOISE_DB, PEAK = (20, 80), (120, 220), (5.0, 25.0), (0.2, 0.9)
CHUNK = 256


class SpokenWords(DataSource):
    """Synthetic speech: 30 English words of one second at 16 kHz, in noise, by voices never heard in
    training.

    Spoken by espeak-ng (from the package espeakng-loader, GPL-3) in 8 accents by 14 voices for training and 6
    others for the test, each utterance with its own pitch, rate, loudness, place and noise (5 to 25 dB below
    the speech): 3,360 and 1,440 clips. Groups are voices. Made in some seconds, the same each time, and kept
    in ``~/.cache/sslkit`` (or ``$SSLKIT_CACHE``).

    Raises:
        SSLKitError: the package is not installed, or speaking fails.
    """

    def load(self) -> Dataset:
        x = kept_array(f"spoken_words-{VERSION}", _make)
        words, voices = np.divmod(np.arange(len(x)), len(ACCENTS) * len(TRAIN_VOICES + TEST_VOICES))
        voices //= len(ACCENTS)
        is_test = voices >= len(TRAIN_VOICES)
        train, test = (Part(ArraySamples(x[mask]), words[mask], voices[mask]) for mask in (~is_test, is_test))
        spec = SampleSpec("audio", (RATE_HZ,), float(RATE_HZ), scale=1 / 32768)
        notes = (Note("Synthetic speech by espeak-ng, not recordings of people."),)
        names = tuple(f"voice {name}" for name in TRAIN_VOICES + TEST_VOICES)
        return Dataset(spec, train, test, tuple(WORDS), notes, names)


def _make() -> np.ndarray:
    """All clips, int16 ``(N, RATE_HZ)``, word by word, voice by voice, accent by accent."""
    random = numpy_generator(0, "spoken_words", VERSION)
    requests = [
        (word, f"{accent}+{voice}", int(random.integers(*PITCH)), int(random.integers(*WORDS_PER_MINUTE)))
        for word in WORDS
        for voice in TRAIN_VOICES + TEST_VOICES
        for accent in ACCENTS
    ]
    spoken, rate_hz = speak(requests)
    clips = np.stack([_placed(sound, rate_hz, random) for sound in spoken])
    made = np.empty((len(clips), RATE_HZ), dtype=np.int16)
    for start in range(0, len(clips), CHUNK):
        chunk = resample(clips[start : start + CHUNK], rate_hz, RATE_HZ)
        made[start : start + CHUNK] = _in_noise(chunk, random)
    return made


def _placed(sound: np.ndarray, length: int, random: np.random.Generator) -> np.ndarray:
    """``(T,)`` int16 → float32 ``(length,)``, anywhere inside; the middle of what is longer."""
    if len(sound) >= length:
        return fit_length(sound, length).astype(np.float32)
    before = int(random.integers(0, length - len(sound) + 1))
    return np.pad(sound, (before, length - len(sound) - before)).astype(np.float32)


def _in_noise(clips: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """float32 ``(B, T)`` → int16, each clip with noise between white and brown, and a loudness of its own."""
    count, length = clips.shape
    spectrum = np.fft.rfft(random.standard_normal((count, length), dtype=np.float32))
    slope = random.uniform(0, 1, (count, 1))
    noise = np.fft.irfft(spectrum / np.arange(1, spectrum.shape[1] + 1) ** slope, n=length)
    noise_db = random.uniform(*NOISE_DB, (count, 1))
    active = np.abs(clips) > 0.01 * np.abs(clips).max(axis=1, keepdims=True)
    power = (clips**2).sum(axis=1, keepdims=True) / np.maximum(active.sum(axis=1, keepdims=True), 1)
    noise *= np.sqrt(power / (noise**2).mean(axis=1, keepdims=True)) * 10 ** (-noise_db / 20)
    mixed = clips + noise
    peak = random.uniform(*PEAK, (count, 1)) / np.maximum(np.abs(mixed).max(axis=1, keepdims=True), 1e-6)
    levels: np.ndarray = np.round(mixed * peak * 32767)
    return levels.astype(np.int16)


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("spoken_words", SpokenWords)
