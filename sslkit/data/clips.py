"""Sound files → clips of one rate and length."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from math import gcd
from pathlib import Path

import numpy as np

from sslkit.errors import SSLKitError

SUFFIXES = frozenset({".wav", ".flac", ".ogg", ".mp3", ".aiff", ".aif"})


def read_clip(path: Path, rate_hz: int, length: int) -> np.ndarray:
    """One sound file → mono float32 ``(length,)`` at ``rate_hz``: the middle, or zeros on both sides.

    Channels are averaged; other rates are resampled (polyphase filter).

    Raises:
        SSLKitError: the file cannot be read, or is empty.
    """
    import soundfile

    try:
        sound, rate = soundfile.read(path, dtype="float32", always_2d=True)
    except (soundfile.SoundFileError, OSError) as error:
        raise SSLKitError(
            f"{path}: the sound cannot be read, it is truncated or corrupt ({error})."
        ) from error
    if len(sound) == 0:
        raise SSLKitError(f"{path}: the sound file has no samples.")
    if not np.isfinite(sound).all():
        raise SSLKitError(f"{path}: the sound has NaN or infinite values. Repair or remove it.")
    return fit_length(resample(sound.mean(axis=1), rate, rate_hz), length)


def resample(sound: np.ndarray, rate_hz: int, new_rate_hz: int) -> np.ndarray:
    """``(…, T)`` float at one rate → float32 at another."""
    from scipy.signal import resample_poly

    if rate_hz == new_rate_hz:
        return sound.astype(np.float32)
    common = gcd(rate_hz, new_rate_hz)
    return resample_poly(sound, new_rate_hz // common, rate_hz // common, axis=-1).astype(np.float32)


def fit_length(sound: np.ndarray, length: int) -> np.ndarray:
    """``(T,)`` → ``(length,)``: cropped or padded with zeros, the middle stays in the middle."""
    excess = len(sound) - length
    if excess >= 0:
        return sound[excess // 2 : excess // 2 + length]
    return np.pad(sound, (-excess // 2, -excess - -excess // 2))


def survey_clips(paths: Sequence[Path], workers: int) -> None:
    """Read all headers.

    Raises:
        SSLKitError: files that are no sound.
    """
    with ThreadPoolExecutor(workers) as pool:
        broken = [path for path, good in zip(paths, pool.map(_is_sound, paths), strict=True) if not good]
    if broken:
        raise SSLKitError(
            f"{len(broken)} of {len(paths)} files cannot be read as sound, the first is {broken[0]}. Repair "
            "or remove them."
        )


def _is_sound(path: Path) -> bool:
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
