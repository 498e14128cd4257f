"""Sound files → clips of one rate and length."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from sslkit.data.reading.sound_files import is_sound, read_sound
from sslkit.errors import SSLKitError


def read_clip(path: Path, rate_hz: int, length: int) -> np.ndarray:
    """One sound file → mono float32 ``(length,)`` at ``rate_hz``: the middle, or zeros on both sides.

    Channels are averaged; other rates are resampled (polyphase filter).

    Raises:
        SSLKitError: the file cannot be read, or is empty.
    """
    return fit_length(read_sound(path, rate_hz), length)


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
        broken = [path for path, good in zip(paths, pool.map(is_sound, paths), strict=True) if not good]
    if broken:
        raise SSLKitError(
            f"{len(broken)} of {len(paths)} files cannot be read as sound, the first is {broken[0]}. Repair "
            "or remove them."
        )
