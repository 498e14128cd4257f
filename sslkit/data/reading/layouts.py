"""How the axes of a user's arrays are laid out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
from einops import rearrange

from sslkit.errors import SSLKitError

AXES = {
    "image": ("sample", "channel", "row", "column"),
    "sensor": ("sample", "channel", "time step"),
    "audio": ("sample", "time step"),
}


def guess_modality(array: np.ndarray, where: str) -> Literal["image", "sensor", "audio"]:
    """What an array's type and axes say: uint8 or four axes are images, three sensor windows, two audio.

    Raises:
        SSLKitError: square float arrays in 0…1 (pictures or windows?), or no layout that is known.
    """
    kind = (array.dtype == np.uint8, array.ndim)
    if kind in ((True, 3), (True, 4), (False, 4)):
        return "image"
    if kind == (False, 3):
        square = array.shape[1] == array.shape[2] and array.dtype.kind == "f"
        if square and array[:64].min() >= 0 and array[:64].max() <= 1:
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


LAYOUTS: dict[str, Callable[[np.ndarray, str], np.ndarray]] = {
    "image": _as_images,
    "sensor": _as_sensors,
    "audio": _as_audio,
}
