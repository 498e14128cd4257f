"""Sound files → mono samples at a rate: the one reader of data sources and of augmentations."""

from __future__ import annotations

from math import gcd
from pathlib import Path
from typing import Any

import numpy as np

from sslkit.data.reading.sounds.sound_headers import sound_header
from sslkit.errors import SSLKitError

SOUND_SUFFIXES = frozenset(
    [
        ".wav",
        ".flac",
        ".ogg",
        ".oga",
        ".opus",
        ".mp3",
        ".aiff",
        ".aif",
        ".aifc",
        ".au",
        ".caf",
        ".w64",
        ".rf64",
        ".snd",
    ]
)
TAPS = 10  # of the resampling filter on each side, in periods of the slower rate (scipy's resample_poly)


def read_sound(path: Path, rate_hz: int, longest_s: float = float("inf")) -> np.ndarray:
    """One sound file → mono float32 ``(T,)`` at ``rate_hz``.

    Channels are averaged; other rates are resampled (polyphase filter). Of a longer file only the middle
    ``longest_s`` seconds are read.

    Raises:
        SSLKitError: the file cannot be read, or is empty.
    """
    import soundfile

    with _opened(path) as file:
        rate, frames = file.samplerate, int(min(file.frames, longest_s * file.samplerate))
        if frames < file.frames:
            file.seek((file.frames - frames) // 2)
        try:
            sound = file.read(frames, dtype="float32", always_2d=True)
        except (soundfile.SoundFileError, OSError) as error:
            raise _unreadable(path, error) from error
    return resample(_mono(sound, path), rate, rate_hz)


def read_stretch(path: Path, rate_hz: int, first: int | None, count: int) -> np.ndarray:
    """A stretch of what ``read_sound`` gives, to the bit, without decoding the rest: ``(≤ count,)``.

    Args:
        path: the file.
        rate_hz: of the result.
        first: where it begins, in samples of the result; None: so that the stretch is the middle of the file.
        count: so many samples, fewer where the file ends.

    Raises:
        SSLKitError: the file cannot be read, or is empty.
    """
    import soundfile

    with _opened(path) as file:
        rate, frames = file.samplerate, file.frames
        common = gcd(rate, rate_hz)
        up, down = rate_hz // common, rate // common
        total = -(-frames * up // down)
        first = max(0, (total - count) // 2) if first is None else min(first, total)
        count = min(count, total - first)
        margin = TAPS * max(up, down) // up + 2 if up != down else 0
        begin = (
            max(0, first * down // up - margin) // down * down
        )  # whole periods: the same phases of the filter
        end = min(frames, -(-(first + count) * down // up) + margin)
        try:
            file.seek(begin)
            sound = file.read(end - begin, dtype="float32", always_2d=True)
        except (soundfile.SoundFileError, OSError) as error:
            raise _unreadable(path, error) from error
    resampled = resample(_mono(sound, path), rate, rate_hz)
    skipped = first - begin * up // down
    return resampled[skipped : skipped + count]


def resample(sound: np.ndarray, rate_hz: int, new_rate_hz: int) -> np.ndarray:
    """``(…, T)`` float at one rate → float32 at another."""
    from scipy.signal import resample_poly

    if rate_hz == new_rate_hz:
        return sound.astype(np.float32)
    common = gcd(rate_hz, new_rate_hz)
    resampled: np.ndarray = resample_poly(sound, new_rate_hz // common, rate_hz // common, axis=-1)
    return resampled.astype(np.float32)


def is_sound(path: Path) -> bool:
    """Whether the file's header says that there is sound, and all of it is there."""
    return not sound_header(path).problem


def _opened(path: Path) -> Any:  # soundfile has no types
    import soundfile

    try:
        return soundfile.SoundFile(path)
    except (soundfile.SoundFileError, OSError) as error:
        raise _unreadable(path, error) from error


def _mono(sound: np.ndarray, path: Path) -> np.ndarray:
    if len(sound) == 0:
        raise SSLKitError(f"{path}: the sound file has no samples.")
    if not np.isfinite(sound).all():
        raise SSLKitError(f"{path}: the sound has NaN or infinite values. Repair or remove it.")
    mono: np.ndarray = sound.mean(axis=1)
    return mono


def _unreadable(path: Path, error: Exception) -> SSLKitError:
    return SSLKitError(f"{path}: the sound cannot be read, it is truncated or corrupt ({error}).")
