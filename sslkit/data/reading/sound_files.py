"""Sound files → mono samples at a rate: the one reader of data sources and of augmentations."""

from __future__ import annotations

from math import gcd
from pathlib import Path

import numpy as np

from sslkit.errors import SSLKitError

SOUND_SUFFIXES = frozenset({".wav", ".flac", ".ogg", ".mp3", ".aiff", ".aif"})


def read_sound(path: Path, rate_hz: int, longest_s: float = float("inf")) -> np.ndarray:
    """One sound file → mono float32 ``(T,)`` at ``rate_hz``.

    Channels are averaged; other rates are resampled (polyphase filter). Of a longer file only the middle
    ``longest_s`` seconds are read.

    Raises:
        SSLKitError: the file cannot be read, or is empty.
    """
    import soundfile

    try:
        with soundfile.SoundFile(path) as file:
            rate, frames = file.samplerate, int(min(file.frames, longest_s * file.samplerate))
            if frames < file.frames:
                file.seek((file.frames - frames) // 2)
            sound = file.read(frames, dtype="float32", always_2d=True)
    except (soundfile.SoundFileError, OSError) as error:
        raise SSLKitError(
            f"{path}: the sound cannot be read, it is truncated or corrupt ({error})."
        ) from error
    if len(sound) == 0:
        raise SSLKitError(f"{path}: the sound file has no samples.")
    if not np.isfinite(sound).all():
        raise SSLKitError(f"{path}: the sound has NaN or infinite values. Repair or remove it.")
    return resample(sound.mean(axis=1), rate, rate_hz)


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
    import soundfile

    try:
        return soundfile.info(path).frames > 0 and not _is_cut_off(path)
    except (soundfile.SoundFileError, OSError):
        return False


def _is_cut_off(path: Path) -> bool:
    """A WAV file that is shorter than its header says; libsndfile reads it in silence. Streams say 0 or all ones."""
    with path.open("rb") as file:
        head = file.read(12)
        size = file.seek(0, 2)
    said = int.from_bytes(head[4:8], "little")
    return head[:4] == b"RIFF" and head[8:] == b"WAVE" and 0 < said < 2**32 - 1 and size < said + 8
