"""What is looked for in stored values before training: missing ones, constant channels, pictures out of range."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import numpy as np
import torch
from torch import Tensor

from sslkit.data.rows import NpyRows
from sslkit.errors import SSLKitError
from sslkit.types import Note, Samples

Missing = Literal["error", "interpolate", "zero", "keep"]
CHUNK_BYTES = 64 * 1024**2
LOOKED_AT_BYTES = 512 * 1024**2  # of an array on the disk
BLOCKS = 64


def chunks(array: np.ndarray | NpyRows) -> Iterator[tuple[int, np.ndarray]]:
    """(first row, rows) of an array, so that one on the disk is never in memory as a whole.

    Of more than ``LOOKED_AT_BYTES`` on the disk, evenly spread blocks of so many bytes together (``looked_at``).
    """
    size = max(1, array.nbytes // max(1, len(array)))
    blocks = max(1, -(-array.nbytes // CHUNK_BYTES))
    if is_sampled(array):
        rows = max(1, LOOKED_AT_BYTES // BLOCKS // size)
        starts = np.linspace(0, len(array) - rows, BLOCKS).astype(np.int64).tolist()
    else:
        rows = max(1, -(-len(array) // blocks))
        starts = list(range(0, len(array), rows))
    for start in starts:
        yield start, np.asarray(array[start : start + rows])


def is_sampled(array: np.ndarray | NpyRows) -> bool:
    """Whether ``chunks`` leaves something out."""
    return isinstance(array, NpyRows) and array.nbytes > LOOKED_AT_BYTES


def looked_at(array: np.ndarray | NpyRows, where: str) -> tuple[Note, ...]:
    """What is to be said of it then."""
    if not is_sampled(array):
        return ()
    share = f"{LOOKED_AT_BYTES / 2**30:g} of {array.nbytes / 2**30:,.1f} GiB"
    why = f"{where} is large: {BLOCKS} evenly spread blocks of it are read, of together {share}"
    return (
        Note("missing values, ranges and constant channels are looked for in a part of the samples", why=why),
    )


def check_missing(array: np.ndarray | NpyRows, how: Missing, axes: Sequence[str], where: str) -> bool:
    """Whether ``(N, …, T)`` has NaN or Inf that are to be filled.

    Args:
        array: of any type; integers have nothing missing.
        how: ``error`` refuses; ``interpolate`` needs one value at least in each row of the last axis; ``keep``
            leaves NaN to the augmentations, which carry it through, and to the end of a view, where it becomes 0.
        axes: names of the axes, for the message.
        where: whose values they are.

    Raises:
        SSLKitError: values are missing, with their number and the first place.
    """
    if array.dtype.kind not in "fc":
        return False
    count = 0
    first: tuple[int, ...] = ()
    lost: tuple[int, ...] = ()
    for start, block in chunks(array):
        bad = ~np.isfinite(_float32(block))
        if bad.any():
            count += int(bad.sum())
            first = first or _first(bad, start)
            lost = lost or _first(bad.all(axis=-1), start)
    if count and how == "error":
        raise SSLKitError(
            f"{where}: {count} of {array.size} values are NaN, Inf or beyond float32, the first at "
            f"{_place(first, axes)}. "
            "Clean the data, or set missing: interpolate, zero or keep."
        )
    if lost and how == "interpolate":
        raise SSLKitError(
            f"{where}: {_place(lost, axes)} has no value to interpolate from. Leave it out, or set missing: "
            "zero."
        )
    return count > 0


def fill_missing(values: np.ndarray, how: Missing) -> np.ndarray:
    """A float32 copy of ``(…, T)`` without Inf, and without NaN but for ``keep``: zero, or linear between
    neighbours along the last axis.

    Before the first and after the last value, interpolation repeats it.
    """
    filled = _float32(values).copy()
    bad = ~np.isfinite(filled)
    if how in ("zero", "keep"):
        filled[bad] = 0.0 if how == "zero" else np.nan
        return filled
    time = np.arange(filled.shape[-1])
    for place in zip(*np.nonzero(bad.any(axis=-1)), strict=True):
        row, gaps = filled[place], bad[place]
        row[gaps] = np.interp(time[gaps], time[~gaps], row[~gaps])
    return filled


class FilledSamples:
    """Samples whose missing values are filled when they are read (for arrays on the disk)."""

    def __init__(self, samples: Samples, how: Missing) -> None:
        self._samples, self._how = samples, how

    def __len__(self) -> int:
        return len(self._samples)

    def __getitem__(self, indices: np.ndarray) -> Tensor:
        return torch.from_numpy(fill_missing(self._samples[indices].numpy(), self._how))


def check_constant(array: np.ndarray | NpyRows, channels: Sequence[str], where: str) -> None:
    """Refuse sensor data ``(N, C, T)`` with a channel that never changes: it cannot be standardised.

    Raises:
        SSLKitError: which channels have which value.
    """
    lowest, highest = np.full(array.shape[1], np.inf), np.full(array.shape[1], -np.inf)
    for _, block in chunks(array):
        values = np.where(np.isfinite(block), block, np.nan) if block.dtype.kind == "f" else block
        lowest = np.fmin(lowest, np.fmin.reduce(values, axis=(0, 2)))
        highest = np.fmax(highest, np.fmax.reduce(values, axis=(0, 2)))
    constant = np.flatnonzero(~(highest > lowest))
    if len(constant):
        named = ", ".join(f"{channels[i] if channels else i} (always {lowest[i]:g})" for i in constant[:8])
        more = f" and {len(constant) - 8} more" if len(constant) > 8 else ""
        raise SSLKitError(
            f"{where}: {len(constant)} constant channel(s): {named}{more}. A dead sensor? Leave the channel "
            "out, or set constant_channels: keep."
        )


def check_picture_values(array: np.ndarray | NpyRows, where: str, top: float = 0.0) -> None:
    """Pictures must lie in 0…``top`` (default: integers in 0…255, floats in 0…1): augmentations rely on it."""
    if array.dtype == np.uint8:
        return
    top = round(top) or (1 if array.dtype.kind == "f" else 255)
    finite = [block[np.isfinite(block)] for _, block in chunks(array)]
    lowest = min((block.min() for block in finite if block.size), default=0)
    highest = max((block.max() for block in finite if block.size), default=0)
    if lowest < 0 or highest > top:
        raise SSLKitError(
            f"{where} has values from {lowest:g} to {highest:g}; images of type {array.dtype} lie in "
            f"0…{top}. Scale them (one factor for all), or save them as uint8."
        )


def _float32(values: np.ndarray) -> np.ndarray:
    """As the values will be stored; what float32 cannot hold becomes Inf."""
    with np.errstate(over="ignore"):
        return values.astype(np.float32, copy=False)


def _first(bad: np.ndarray, start: int) -> tuple[int, ...]:
    if not bad.any():
        return ()
    place = np.unravel_index(int(bad.argmax()), bad.shape)
    return (start + int(place[0]), *(int(i) for i in place[1:]))


def _place(index: Sequence[int], axes: Sequence[str]) -> str:
    return ", ".join(f"{axis} {i}" for axis, i in zip(axes, index, strict=False))
