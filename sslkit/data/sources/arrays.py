"""The ``arrays`` source: a user's own ``.npz`` file or folder of ``.npy`` files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

import numpy as np

from sslkit.data.labels import UNKNOWN, Labels, encode_groups, encode_labels
from sslkit.data.quality import (
    FilledSamples,
    Missing,
    check_constant,
    check_missing,
    check_picture_values,
    fill_missing,
)
from sslkit.data.reading.array_files import ArrayFile
from sslkit.data.reading.layouts import AXES, LAYOUTS, guess_modality
from sslkit.data.samples import ArraySamples
from sslkit.errors import SSLKitError
from sslkit.hookspecs import hookimpl
from sslkit.types import Dataset, DataSource, Note, Part, Positive, Samples, SampleSpec

if TYPE_CHECKING:
    from sslkit.registry import Registry


class Arrays(DataSource):
    """Arrays of an .npz file, or of a folder of .npy files (memory-mapped): images, sensor windows or audio.

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
    ) -> None:
        self.path, self.modality, self.rate_hz, self.channels = path, modality, rate_hz, channels
        self.missing, self.constant_channels, self.labels = missing, constant_channels, labels

    def load(self) -> Dataset:
        file = ArrayFile(self.path)
        parts = ["train", "test"] if "X_test" in file else ["train"]
        arrays = [self._samples(file, f"X_{part}") for part in parts]
        modality: str = self.modality
        if modality == "auto":
            modality = guess_modality(arrays[0], f"{file.path}: X_train")
        arrays = [
            LAYOUTS[modality](array, f"{file.path}: X_{part}")
            for array, part in zip(arrays, parts, strict=True)
        ]
        spec = self._spec(modality, arrays[0], file)
        if len(arrays) == 2 and (arrays[1].shape[1:], arrays[1].dtype) != (spec.shape, arrays[0].dtype):
            raise SSLKitError(
                f"{file.path}: a sample of X_test is {arrays[1].shape[1:]} {arrays[1].dtype}, of X_train "
                f"{spec.shape} {arrays[0].dtype}. Both parts need the same shape and type."
            )
        if modality == "sensor" and self.constant_channels == "error":
            check_constant(arrays[0], spec.channels, f"{file.path}: X_train")
        sizes = [len(array) for array in arrays]
        labels, class_names, notes = self._labels(file, parts, sizes)
        groups, group_names, more = self._groups(file, parts, sizes)
        loaded = [
            Part(self._stored(array, spec, f"{file.path}: X_{part}"), y, g)
            for array, part, y, g in zip(arrays, parts, labels, groups, strict=True)
        ]
        test = loaded[1] if len(loaded) == 2 else None
        return Dataset(spec, loaded[0], test, class_names, (*notes, *more, *_advice(spec)), group_names)

    def _samples(self, file: ArrayFile, key: str) -> np.ndarray:
        array = file.read(key)
        if array.dtype.kind not in "uif":
            raise SSLKitError(f"{file.path}: {key} is of type {array.dtype}; numbers are needed.")
        if array.ndim < 2 or array.size == 0:
            raise SSLKitError(f"{file.path}: {key} has shape {array.shape}: there is no sample in it.")
        return array

    def _spec(self, modality: str, array: np.ndarray, file: ArrayFile) -> SampleSpec:
        channels = tuple(self.channels or ())
        if channels and (modality == "audio" or len(channels) != array.shape[1]):
            count = "audio has none" if modality == "audio" else f"X_train has {array.shape[1]}"
            raise SSLKitError(
                f"{file.path}: {len(channels)} channel names are set ({', '.join(channels)}), {count}."
            )
        rate = self.rate_hz
        for key in ("rate_hz", "sr"):
            if rate is None and key in file:
                rate = _rate(file.read(key), f"{file.path}: {key}")
        if modality == "audio" and rate is None:
            raise SSLKitError(
                f"{file.path}: audio needs rate_hz, its samples per second (or, if N×T = {array.shape} is "
                "one sensor's windows, modality: sensor)."
            )
        scale = 1.0
        if modality == "image" and array.dtype.kind in "ui":
            scale = 1 / 255
        elif modality == "audio" and array.dtype == np.int16:
            scale = 1 / 32768
        keep = self.missing == "keep"
        if keep and modality != "sensor":
            raise SSLKitError(
                f"{file.path}: missing: keep is for sensor windows; these are {modality} samples."
            )
        rate = None if modality == "image" else rate
        return SampleSpec(modality, array.shape[1:], rate, channels, scale, missing=keep)

    def _stored(self, array: np.ndarray, spec: SampleSpec, where: str) -> Samples:
        if spec.modality == "image" and self.missing == "interpolate":
            raise SSLKitError(
                f"{where}: missing: interpolate goes along time, which images don't have. Use zero."
            )
        gaps = check_missing(array, self.missing, AXES[spec.modality], where)
        if spec.modality == "image":
            check_picture_values(array, where)
        if gaps and isinstance(array, np.memmap):
            return FilledSamples(ArraySamples(array), self.missing)
        whole_numbers = spec.modality == "image" and array.dtype.kind in "ui"
        return ArraySamples(
            fill_missing(array, self.missing) if gaps else array, np.uint8 if whole_numbers else None
        )

    def _labels(self, file: ArrayFile, parts: list[str], sizes: list[int]) -> Labels:
        keys = [f"{self.labels or 'y'}_{part}" for part in parts]
        if self.labels is None and not any(key in file for key in keys):
            similar = [key for key in file.keys if re.fullmatch(r"(y|label|target)\w*", key, re.IGNORECASE)]
            if similar:
                raise SSLKitError(
                    f"{file.path} has no '{keys[0]}' but {', '.join(similar)}. Rename it, or name its prefix "
                    "(labels: y4 reads y4_train)."
                )
            return Labels([np.full(size, UNKNOWN, dtype=np.int64) for size in sizes], ())
        columns = [file.read(key) for key in keys]
        for key, part, column, size in zip(keys, parts, columns, sizes, strict=True):
            if len(np.atleast_1d(column)) != size:
                raise SSLKitError(
                    f"{file.path}: X_{part} has {size} samples but {key} has {len(np.atleast_1d(column))} "
                    "labels."
                )
        names = (
            file.read("names").ravel().astype(str).tolist()
            if "names" in file and self.labels is None
            else None
        )
        return encode_labels(columns, f"{file.path}: {', '.join(keys)}", names)

    def _groups(
        self, file: ArrayFile, parts: list[str], sizes: list[int]
    ) -> tuple[list[np.ndarray | None], tuple[str, ...], tuple[Note, ...]]:
        keys = [f"groups_{part}" for part in parts]
        if keys[0] not in file:
            return [None] * len(parts), (), ()
        found = [(key, file.read(key), size) for key, size in zip(keys, sizes, strict=True) if key in file]
        for key, column, size in found:
            if column.shape != (size,):
                raise SSLKitError(
                    f"{file.path}: {key} has shape {column.shape}; ({size},) is needed, one a sample."
                )
        columns = [column for _, column, _ in found]
        if "group_names" in file:
            columns = _named_groups(columns, file.read("group_names"), f"{file.path}: group_names")
        numbers, names, notes = encode_groups(columns, f"{file.path}: groups")
        encoded: list[np.ndarray | None] = [*numbers]
        return encoded + [None] * (len(parts) - len(encoded)), names, notes


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


def _advice(spec: SampleSpec) -> tuple[Note, ...]:
    if spec.modality == "sensor" and spec.shape[0] > 2 * spec.shape[1]:
        what = f"{spec.shape[0]} channels of {spec.shape[1]} time steps"
        return (Note(what, why="more channels than time", cure="Transpose X if it is N×T×C.", warning=True),)
    return ()


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("arrays", Arrays)
