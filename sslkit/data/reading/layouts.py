"""How the axes of a user's arrays are laid out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np
from einops import rearrange

from sslkit.data.quality import chunks
from sslkit.data.rows import NpyRows
from sslkit.errors import SSLKitError
from sslkit.types import Note

SMALLEST_PICTURE = 16  # pixels of a side
LOUDEST = 4.0  # of sound in -1…1, which may be somewhat louder
AXES = {
    "image": ("sample", "channel", "row", "column"),
    "sensor": ("sample", "channel", "time step"),
    "audio": ("sample", "time step"),
}


def guess_modality(array: np.ndarray | NpyRows, where: str) -> Literal["image", "sensor", "audio"]:
    """What an array's type and axes say: uint8 or four axes are images, three sensor windows, two audio.

    Raises:
        SSLKitError: arrays of three axes that can be pictures as well as windows, or no layout that is known.
    """
    kind = (array.dtype == np.uint8, array.ndim)
    if kind in ((True, 3), (True, 4), (False, 4)):
        return "image"
    if kind == (False, 3):
        if _like_pictures(array):
            raise SSLKitError(
                f"{where} {array.shape} {array.dtype} can be grey images or sensor windows. Set modality: "
                "image or modality: sensor."
            )
        return "sensor"
    if kind == (False, 2):
        return "audio"
    raise SSLKitError(
        f"{where} has shape {array.shape} and type {array.dtype}, which is none of images N×H×W or N×H×W×C, "
        "sensor windows N×C×T, audio N×T. Reshape it."
    )


def _like_pictures(array: np.ndarray | NpyRows) -> bool:
    """Three axes that may be grey pictures: squares in 0…1, 16-bit pictures, pictures of 0…255 as floats."""
    some = array[:64]
    _, height, width = array.shape
    if height == width and array.dtype.kind == "f" and some.min() >= 0 and some.max() <= 1:
        return True
    large = min(height, width) >= SMALLEST_PICTURE and max(height, width) <= 4 * min(height, width)
    whole = array.dtype == np.uint16 or (
        array.dtype.kind == "f"
        and some.min() >= 0
        and 1 < some.max() <= 255
        and bool((some == np.round(some)).all())
    )
    return large and whole


def channels_first(array: np.ndarray | NpyRows) -> bool:
    """Whether pictures of four axes are N×C×H×W, as networks take them, and cannot be N×H×W×C."""
    return array.ndim == 4 and array.shape[1] in (1, 3, 4) and min(array.shape[2:]) > 4


def value_scale(
    modality: str, arrays: Sequence[np.ndarray | NpyRows], where: str
) -> tuple[float, tuple[Note, ...]]:
    """What stored values are multiplied with to lie in 0…1 (pictures) or -1…1 (sound), and what was recognised."""
    if modality == "sensor":
        return 1.0, ()
    floats = arrays[0].dtype.kind == "f"
    if not floats:
        return (1 / 255 if modality == "image" else 1 / 32768), ()
    largest = max(_largest(array) for array in arrays)
    top = {"image": (1.0, 255.0), "audio": (LOUDEST, 32768.0)}[modality]
    if not top[0] < largest <= top[1]:
        return 1.0, ()
    range_ = "0…255" if modality == "image" else "±32,768"
    cure = f"If that is wrong, save them in {'0…1' if modality == 'image' else '-1…1'}."
    note = Note(
        f"{where}: floats are taken as values in {range_}", why=f"the largest is {largest:,g}", cure=cure
    )
    return 1 / top[1], (note,)


def _largest(array: np.ndarray | NpyRows) -> float:
    """Of the absolute values that are numbers."""
    found = (np.abs(block[np.isfinite(block)]) for _, block in chunks(array))
    return float(max((block.max() for block in found if block.size), default=0.0))


def _as_images(array: np.ndarray, where: str) -> np.ndarray:
    """N×H×W or N×H×W×C → N×C×H×W."""
    if array.ndim == 3:
        return array[:, None]
    if array.ndim != 4:
        raise SSLKitError(f"{where} has shape {array.shape}; images are N×H×W or N×H×W×C.")
    _, height, width, channels = array.shape
    if (height < 5 < channels) or (width == channels > 4 and height != width):
        raise SSLKitError(
            f"{where} has shape {array.shape}, which looks like N×C×H×W; images are N×H×W×C: transpose(0, 2, "
            "3, 1)."
        )
    return rearrange(array, "n h w c -> n c h w")


def _as_sensors(array: np.ndarray, where: str) -> np.ndarray:
    """N×C×T, or N×T of one channel."""
    if array.ndim == 2:
        array = array[:, None]
    if array.ndim != 3:
        raise SSLKitError(f"{where} has shape {array.shape}; sensor windows are N×C×T.")
    return array


def _as_audio(array: np.ndarray, where: str) -> np.ndarray:
    """N×T, or N×1×T."""
    if array.ndim == 3 and array.shape[1] == 1:
        array = array[:, 0]
    if array.ndim != 2:
        raise SSLKitError(f"{where} has shape {array.shape}; audio is N×T, one channel.")
    if array.dtype.kind in "ui" and array.dtype.newbyteorder("=") != np.int16:
        raise SSLKitError(f"{where} is {array.dtype}; audio is int16, or float in -1…1: divide it.")
    return array


def arranged(array: np.ndarray | NpyRows, step: Callable[[np.ndarray], np.ndarray]) -> np.ndarray | NpyRows:
    """With other axes, now or when rows are read."""
    return array.arranged(step) if isinstance(array, NpyRows) else step(array)


LAYOUTS: dict[str, Callable[[np.ndarray, str], np.ndarray]] = {
    "image": _as_images,
    "sensor": _as_sensors,
    "audio": _as_audio,
}
