"""The ``arrays`` source: a user's own ``.npz`` file or folder of ``.npy`` files."""

from __future__ import annotations

import math
import re
from functools import partial
from typing import TYPE_CHECKING, Literal

import numpy as np
from einops import rearrange

from sslkit.data.labels import UNKNOWN, Labels, encode_groups, encode_labels
from sslkit.data.quality import (
    FilledSamples,
    Missing,
    check_constant,
    check_missing,
    check_picture_values,
    fill_missing,
    is_sampled,
    looked_at,
)
from sslkit.data.reading.array_files import ArrayFile
from sslkit.data.reading.array_keys import PARTS, ArrayKeys, find_keys
from sslkit.data.reading.layouts import AXES, LAYOUTS, arranged, channels_first, guess_modality, value_scale
from sslkit.data.rows import NpyRows
from sslkit.data.samples import ArraySamples
from sslkit.errors import SSLKitError
from sslkit.hookspecs import hookimpl
from sslkit.types import Dataset, DataSource, Note, Part, Positive, Samples, SampleSpec

if TYPE_CHECKING:
    from sslkit.registry import Registry


SAME_RATE = 0.01
CHANNELS_FIRST = Note(
    "the pictures are taken as N×C×H×W",
    why="their second axis has 1, 3 or 4 values, and their last has more",
    cure="Save them as N×H×W×C if that is wrong.",
)


class Arrays(DataSource):
    """Arrays of an .npz file, or of a folder of .npy files (which stay on the disk): images, sensor windows or audio.

    What is recognised, asked for and refused: docs/data/arrays.md.

    Keys: ``X_train`` and, where there are any, ``y_train``, ``X_test``, ``y_test``, ``groups_train``,
    ``groups_test`` (subject, machine, recording: text or whole numbers), ``group_names`` (of groups that are numbers
    from 0), ``names`` (class names), ``sr`` or ``rate_hz``. Without
    ``X_test`` a test part is cut from the training part. Labels are whole numbers or text; -1 and empty mean
    unknown.

    Layouts: images N×H×W or N×H×W×C, uint8 or float in 0…1; sensor windows N×C×T, float or integer; audio
    N×T, float in -1…1 or int16.

    Args:
        path: the .npz file, or the folder.
        modality: ``auto`` takes uint8 and four axes for images, three axes for sensor windows, two for audio.
        rate_hz: samples per second; audio needs it here or in the file.
        channels: names of the channels.
        missing: NaN and Inf: refuse, interpolate along time, set to zero, or keep
            (sensors only): see ``SampleSpec.missing``.
        constant_channels: sensor channels that never change in the training part: refuse, or keep.
        labels: other labels than ``y``: "y4" reads ``y4_train`` and ``y4_test``.
        unknown: labels that mean "not labelled" (default: empty, NA, NaN, null … and -1).

    Raises:
        SSLKitError: the file or an array cannot be read, or cannot be meant.
    """

    def __init__(
        self,
        path: str,
        modality: Literal["auto", "image", "sensor", "audio"] = "auto",
        rate_hz: Positive | None = None,
        channels: list[str] | None = None,
        missing: Missing = "error",
        constant_channels: Literal["error", "keep"] = "error",
        labels: str | None = None,
        unknown: list[str | int | float] | None = None,
    ) -> None:
        self.path, self.modality, self.rate_hz, self.channels = path, modality, rate_hz, channels
        self.missing, self.constant_channels, self.labels = missing, constant_channels, labels
        self.unknown = unknown

    def load(self) -> Dataset:
        file = ArrayFile(self.path)
        keys = find_keys(file.keys, self.labels or "y")
        keys.samples.setdefault("train", "X_train")  # refused with the nearest name where it is not there
        parts = [part for part in PARTS if part in keys.samples]
        arrays = [self._samples(file, keys.samples[part]) for part in parts]
        modality: str = self.modality
        if modality == "auto":
            modality = guess_modality(arrays[0], f"{file.path}: {keys.samples['train']}")
        where = [f"{file.path}: {keys.samples[part]}" for part in parts]
        turned = modality == "image" and all(map(channels_first, arrays))
        turn = partial(rearrange, pattern="n c h w -> n h w c")
        arrays = [arranged(array, turn) for array in arrays] if turned else arrays
        arrays = [
            arranged(array, partial(_laid_out, modality=modality, where=place))
            for array, place in zip(arrays, where, strict=True)
        ]
        scale, scaled = value_scale(modality, arrays, where[0])
        spec = self._spec(modality, arrays[0], file, keys, scale)
        for array, place in zip(arrays[1:], where[1:], strict=True):
            if array.shape[1:] != spec.shape or array.dtype.kind != arrays[0].dtype.kind:
                raise SSLKitError(
                    f"{place}: a sample is {array.shape[1:]} {array.dtype}, of X_train {spec.shape} "
                    f"{arrays[0].dtype}. Both parts need the same shape and type."
                )
        if modality == "sensor" and self.constant_channels == "error":
            check_constant(arrays[0], spec.channels, where[0])
        sizes = dict(zip(parts, map(len, arrays), strict=True))
        labels, class_names, notes = self._labels(file, keys, sizes)
        groups, group_names, more = self._groups(file, keys, sizes)
        loaded = {
            part: Part(self._stored(array, spec, place), y, g)
            for part, array, place, y, g in zip(parts, arrays, where, labels, groups, strict=True)
        }
        guessed = () if self.modality != "auto" else _guessed(spec, arrays[0])
        said = (
            *keys.notes,
            *([CHANNELS_FIRST] if turned else []),
            *scaled,
            *(note for array, place in zip(arrays, where, strict=True) for note in looked_at(array, place)),
            *guessed,
            *notes,
            *more,
            *_advice(spec),
        )
        shapes = (
            f"{key} {array.shape} {array.dtype}"
            for key, array in zip(keys.samples.values(), arrays, strict=True)
        )
        facts = {"arrays": ", ".join(shapes)}
        return Dataset(
            spec,
            loaded["train"],
            loaded.get("test"),
            class_names,
            said,
            group_names,
            facts,
            loaded.get("validation"),
        )

    def _samples(self, file: ArrayFile, key: str) -> np.ndarray | NpyRows:
        array = file.rows(key)
        if array.dtype.kind not in "uif":
            raise SSLKitError(f"{file.path}: {key} is of type {array.dtype}; numbers are needed.")
        if array.ndim < 2 or array.size == 0:
            raise SSLKitError(f"{file.path}: {key} has shape {array.shape}: there is no sample in it.")
        return array

    def _spec(
        self, modality: str, array: np.ndarray | NpyRows, file: ArrayFile, keys: ArrayKeys, scale: float
    ) -> SampleSpec:
        channels = tuple(self.channels or ())
        if not channels and keys.channels is not None and modality != "audio":
            channels = tuple(map(str, np.ravel(file.read(keys.channels)).tolist()))
        if channels and (modality == "audio" or len(channels) != array.shape[1]):
            count = "audio has none" if modality == "audio" else f"X_train has {array.shape[1]}"
            raise SSLKitError(
                f"{file.path}: {len(channels)} channel names are set ({', '.join(channels)}), {count}."
            )
        rate = self.rate_hz
        if keys.rate is not None:
            own = _rate(file.read(keys.rate), f"{file.path}: {keys.rate}")
            if rate is not None and not math.isclose(rate, own, rel_tol=SAME_RATE):
                raise SSLKitError(
                    f"{file.path}: rate_hz is {rate:g}, but the file's {keys.rate} is {own:g}. Correct one of them."
                )
            rate = rate or own
        if modality == "audio" and rate is None:
            raise SSLKitError(
                f"{file.path}: audio needs rate_hz, its samples per second (or, if N×T = {array.shape} is "
                "one sensor's windows, modality: sensor)."
            )
        keep = self.missing == "keep"
        if keep and modality != "sensor":
            raise SSLKitError(
                f"{file.path}: missing: keep is for sensor windows; these are {modality} samples."
            )
        rate = None if modality == "image" else rate
        return SampleSpec(modality, array.shape[1:], rate, channels, scale, missing=keep)

    def _stored(self, array: np.ndarray | NpyRows, spec: SampleSpec, where: str) -> Samples:
        if spec.modality == "image" and self.missing == "interpolate":
            raise SSLKitError(
                f"{where}: missing: interpolate goes along time, which images don't have. Use zero."
            )
        gaps = check_missing(array, self.missing, AXES[spec.modality], where)
        keeps = self.missing != "error" and array.dtype.kind == "f"
        if spec.modality == "image":
            check_picture_values(array, where, 1 / spec.scale)
        whole_numbers = spec.modality == "image" and array.dtype.kind in "ui"
        if isinstance(array, NpyRows):
            stored = ArraySamples(array, np.uint8 if whole_numbers else None)
            return FilledSamples(stored, self.missing) if gaps or (keeps and is_sampled(array)) else stored
        return ArraySamples(
            fill_missing(array, self.missing) if gaps else array, np.uint8 if whole_numbers else None
        )

    def _labels(self, file: ArrayFile, keys: ArrayKeys, sizes: dict[str, int]) -> Labels:
        named = {part: keys.labels.get(part, f"{self.labels or 'y'}_{part}") for part in sizes}
        if self.labels is None and not keys.labels:
            similar = [key for key in file.keys if re.fullmatch(r"(y|label|target)\w*", key, re.IGNORECASE)]
            if similar:
                raise SSLKitError(
                    f"{file.path} has no '{named['train']}' but {', '.join(similar)}. Rename it, or name its prefix "
                    "(labels: y4 reads y4_train)."
                )
            return Labels([np.full(size, UNKNOWN, dtype=np.int64) for size in sizes.values()], ())
        columns = [file.read(key) for key in named.values()]
        for (part, key), column in zip(named.items(), columns, strict=True):
            if len(np.atleast_1d(column)) != sizes[part]:
                raise SSLKitError(
                    f"{file.path}: {keys.samples[part]} has {sizes[part]} samples but {key} has "
                    f"{len(np.atleast_1d(column))} labels."
                )
        names = (
            file.read("names").ravel().astype(str).tolist()
            if "names" in file and self.labels is None
            else None
        )
        return encode_labels(columns, f"{file.path}: {', '.join(named.values())}", names, self.unknown)

    def _groups(
        self, file: ArrayFile, keys: ArrayKeys, sizes: dict[str, int]
    ) -> tuple[list[np.ndarray | None], tuple[str, ...], tuple[Note, ...]]:
        if "train" not in keys.groups:
            return [None] * len(sizes), (), ()
        found = {part: file.read(key) for part, key in keys.groups.items() if part in sizes}
        for part, column in found.items():
            if column.shape not in ((sizes[part],), (sizes[part], 1)):
                raise SSLKitError(
                    f"{file.path}: {keys.groups[part]} has shape {column.shape}; ({sizes[part]},) is needed, one a "
                    "sample."
                )
        columns = [np.ravel(column) for column in found.values()]
        if "group_names" in file:
            columns = _named_groups(columns, file.read("group_names"), f"{file.path}: group_names")
        numbers, names, notes = encode_groups(columns, f"{file.path}: groups")
        encoded = dict(zip(found, numbers, strict=True))
        return [encoded.get(part) for part in sizes], names, notes


def _laid_out(array: np.ndarray, modality: str, where: str) -> np.ndarray:
    return LAYOUTS[modality](array, where)


def _named_groups(columns: list[np.ndarray], names: np.ndarray, where: str) -> list[np.ndarray]:
    """Group columns that index ``names``, as those names."""
    if any(column.dtype.kind not in "iu" for column in columns):
        raise SSLKitError(f"{where} names groups that are numbers from 0; these are not. Leave it out.")
    every = np.concatenate(columns)
    if names.ndim != 1 or len(np.unique(names)) < len(names) or every.min() < 0 or every.max() >= len(names):
        raise SSLKitError(
            f"{where} has shape {names.shape} for groups {every.min()} … {every.max()}; one name a group is "
            "needed, from 0, no two alike."
        )
    return [names.astype(str)[column] for column in columns]


def _rate(value: np.ndarray, where: str) -> float:
    if value.size != 1 or value.dtype.kind not in "uif" or not 0 < float(value.reshape(())) < np.inf:
        raise SSLKitError(f"{where} is {value!r:.60}; one positive number is needed, samples per second.")
    return float(value.reshape(()))


def _guessed(spec: SampleSpec, array: np.ndarray | NpyRows) -> tuple[Note, ...]:
    """What was taken for sound although a recording of one sensor looks alike."""
    if spec.modality != "audio":
        return ()
    why = f"they have two axes, {array.shape[0]:,} × {array.shape[1]:,}, and a rate"
    cure = "If they are windows of one sensor (vibration, current), set modality: sensor."
    return (Note("the samples are taken for sound", why=why, cure=cure),)


def _advice(spec: SampleSpec) -> tuple[Note, ...]:
    if spec.modality == "sensor" and spec.shape[0] > 2 * spec.shape[1]:
        what = f"{spec.shape[0]} channels of {spec.shape[1]} time steps"
        return (Note(what, why="more channels than time", cure="Transpose X if it is N×T×C.", warning=True),)
    return ()


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("arrays", Arrays)
