"""The same random samples for every system: their contents do not matter for speed."""

from __future__ import annotations

import wave
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from sslkit.types import SampleSpec

SIDE, CHANNELS, RATE_HZ = 32, 6, 16_000
AXES = ("acc_x", "acc_y", "acc_z", "gyro_x", "gyro_y", "gyro_z")


def sample_spec(group: str, window_length: int) -> SampleSpec:
    """3×32×32 images, windows of two three-axis sensors, one-second clips."""
    if group == "images":
        return SampleSpec("image", (3, SIDE, SIDE), scale=1 / 255)
    if group == "sensors":
        return SampleSpec("sensor", (CHANNELS, window_length), rate_hz=400.0, channels=AXES)
    return SampleSpec("audio", (RATE_HZ,), rate_hz=float(RATE_HZ), scale=1 / 32768)


def stored_samples(group: str, count: int, window_length: int) -> np.ndarray:
    """As a data source stores them: uint8 images, float32 windows ``(C, T)``, int16 clips."""
    random = np.random.default_rng(0)
    shape = sample_spec(group, window_length).shape
    if group == "images":
        return random.integers(0, 256, (count, *shape), dtype=np.uint8)
    if group == "sensors":
        return random.normal(size=(count, *shape)).astype(np.float32)
    return random.normal(scale=3000, size=(count, *shape)).clip(-32768, 32767).astype(np.int16)


@cache
def _folder() -> TemporaryDirectory[str]:
    return TemporaryDirectory(prefix="sounds-")  # removed when the process ends


def sound_folder() -> Path:
    """Eight files of one second, for augmentations that take a user's own sounds."""
    folder = Path(_folder().name)
    for number, clip in enumerate(stored_samples("audio", 8, 0)):
        with wave.open(str(folder / f"{number}.wav"), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE_HZ)
            file.writeframes(clip.tobytes())
    return folder
