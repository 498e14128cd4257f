"""Small data of every modality that every machine makes alike: whole numbers only, of a frozen random stream.

Sines and normal draws differ in their last bits between processors, and then the golden files would say that the
program has changed where only the data have. ``RandomState`` keeps its stream over all versions of numpy.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import numpy as np

CLASSES, TRAIN, TEST = 3, 60, 24
PERIODS = (16, 10, 6)  # of each class's wave, in samples
RATE_HZ = 4000

Arrays = dict[str, np.ndarray]


def sensor_windows(y: np.ndarray, random: np.random.RandomState) -> np.ndarray:
    """Three channels of 32 samples: triangle waves and noise."""
    return (_waves(y, random, (len(y), 3), 32) / 64).astype(np.float32)


def clips(y: np.ndarray, random: np.random.RandomState) -> np.ndarray:
    """Sound of 0.4 seconds at 4 kHz, 16 bits."""
    return (_waves(y, random, (len(y),), 1600) * 100).astype(np.int16)


def pictures(y: np.ndarray, random: np.random.RandomState) -> np.ndarray:
    """Colour pictures of 16×16: stripes of a class's direction and width, and noise."""
    row, column = np.arange(16)[:, None, None], np.arange(16)[None, :, None]
    shift = random.randint(0, 16, (len(y), 1, 1, 1))
    position = np.stack([(row + column, row - column, row + 0 * column)[label] for label in y])
    period = np.take([4, 6, 8], y)[:, None, None, None]
    stripes = ((position + shift) % period) * (160 // period) + random.randint(0, 24, (len(y), 1, 1, 3))
    return (stripes + random.randint(0, 72, (len(y), 16, 16, 3))).astype(np.uint8)


def grey_pictures(y: np.ndarray, random: np.random.RandomState) -> np.ndarray:
    """The first channel of such pictures, without an axis of its own."""
    return np.ascontiguousarray(pictures(y, random)[..., 0])


MAKERS: dict[str, Callable[[np.ndarray, np.random.RandomState], np.ndarray]] = {
    "sensors": sensor_windows,
    "audio": clips,
    "images": pictures,
    "grey": grey_pictures,
}


def make_arrays(kind: str) -> Arrays:
    """Training and test part of a kind in ``MAKERS``, as the source ``arrays`` reads them."""
    random, found = np.random.RandomState(0), {}
    for part, count in (("train", TRAIN), ("test", TEST)):
        y = np.arange(count, dtype=np.int64) % CLASSES
        found |= {f"X_{part}": MAKERS[kind](y, random), f"y_{part}": y}
    return found | ({"rate_hz": np.array(RATE_HZ)} if kind == "audio" else {})


def write_data(folder: Path) -> None:
    """``KIND.npz`` for every kind."""
    for kind in MAKERS:
        np.savez(folder / f"{kind}.npz", **make_arrays(kind))


def data_digests() -> dict[str, str]:
    """SHA-256 of each kind's arrays."""
    found = {}
    for kind in MAKERS:
        digest = hashlib.sha256()
        for name, array in sorted(make_arrays(kind).items()):
            digest.update(f"{name} {array.dtype} {array.shape} ".encode() + array.tobytes())
        found[kind] = digest.hexdigest()
    return found


def _waves(y: np.ndarray, random: np.random.RandomState, rows: tuple[int, ...], length: int) -> np.ndarray:
    """Triangle waves -32…32 of the class's period and a random phase and strength, and noise."""
    shape = (*rows, 1)
    period = np.take(PERIODS, y).reshape(-1, *[1] * len(rows))
    phase, strength = random.randint(0, 48, shape), random.randint(2, 5, shape)
    position = (np.arange(length) + phase) % period
    wave = np.abs(2 * position - period) * 64 // period - 32
    return wave * strength + random.randint(-24, 25, (*rows, length))
