"""Arrays of a user's (``.npy``, ``.npz``, a folder of ``.npy``) → samples as an encoder takes them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from einops import rearrange

from sslkit.data.labels import UNKNOWN, encode_groups, encode_labels
from sslkit.data.quality import (
    FilledSamples,
    Missing,
    check_missing,
    check_picture_values,
    fill_missing,
    is_sampled,
)
from sslkit.data.reading.array_files import ArrayFile
from sslkit.data.reading.array_keys import ArrayKeys, find_keys
from sslkit.data.reading.layouts import AXES, arranged
from sslkit.data.rows import NpyRows
from sslkit.data.samples import ArraySamples
from sslkit.deploy.new_samples import NewSamples, check_rate
from sslkit.errors import SSLKitError, did_you_mean
from sslkit.types import Note, Part, Samples, SampleSpec

SETTINGS = ("labels", "missing", "rate_hz", "unknown")  # of the source ``arrays`` that are of use here
# axes as programs store them → as networks take them; b is missing where the array is one sample
LAYOUTS = {
    "image": (
        "b h w c -> b c h w",
        "b h w -> b 1 h w",
        "c h w -> 1 c h w",
        "h w c -> 1 c h w",
        "h w -> 1 1 h w",
    ),
    "sensor": ("b t -> b 1 t", "c t -> 1 c t", "t -> 1 1 t"),
    "audio": ("b 1 t -> b t", "t -> 1 t"),
}


def are_arrays(path: Path) -> bool:
    """Whether there are arrays to be read."""
    return path.suffix.lower() in (".npy", ".npz") or (path.is_dir() and any(path.glob("*.npy")))


def read_new_arrays(path: Path, spec: SampleSpec, settings: Mapping[str, Any]) -> NewSamples:
    """All arrays of samples in a file (``X_train``, ``X_test`` …, ``X``, or the only one), with labels and groups.

    Args:
        path: of the file or folder.
        spec: of the samples that the encoder takes; axes, rate and range must be its.
        settings: some of the source ``arrays``.

    Raises:
        SSLKitError: nothing that the encoder takes, or arrays that cannot be read.
    """
    for name in settings:
        if name not in SETTINGS:
            raise SSLKitError(f"{path}: arrays have no setting '{name}' here. {did_you_mean(name, SETTINGS)}")
    file = ArrayFile(path, single=True)
    keys = find_keys(file.keys, settings.get("labels") or "y")
    if not keys.samples:
        keys.samples["train"] = _only_array(file)
    rate = settings.get("rate_hz") or _rate(file, keys)
    notes = [*(keys.notes if path.suffix.lower() != ".npy" else ()), *check_rate(rate, spec, str(path))]
    _check_channels(file, keys, spec)
    samples = {part: _samples(file, key, spec, settings, notes) for part, key in keys.samples.items()}
    sizes = {part: len(one) for part, one in samples.items()}
    labels, class_names = _labels(file, keys, sizes, settings, notes)
    groups, group_names = _groups(file, keys, sizes, notes)
    parts = {}
    for part, one in samples.items():
        rows = np.arange(len(one))
        origins = {"path": np.full(len(one), str(path), dtype=object), "row": rows}
        parts[part] = Part(one, labels[part], groups.get(part), origins)
    facts = {"arrays": ", ".join(f"{key}: {sizes[part]:,} samples" for part, key in keys.samples.items())}
    return NewSamples(parts, class_names, group_names, facts, tuple(notes))


def _only_array(file: ArrayFile) -> str:
    found = [key for key in file.keys if key.lower() == "x"] or (file.keys if len(file.keys) == 1 else [])
    if not found:
        raise SSLKitError(
            f"{file.path} has no X_train, X_test or X but {', '.join(file.keys)}. Name the array of samples X."
        )
    return found[0]


def _rate(file: ArrayFile, keys: ArrayKeys) -> float | None:
    if keys.rate is None:
        return None
    value = file.read(keys.rate)
    if value.size != 1 or value.dtype.kind not in "uif":
        raise SSLKitError(
            f"{file.path}: {keys.rate} is {value!r:.60}; one number is needed, samples per second."
        )
    return float(value.reshape(()))


def _check_channels(file: ArrayFile, keys: ArrayKeys, spec: SampleSpec) -> None:
    """Other channels, or the same in another order, are no input of the encoder."""
    if keys.channels is None or not spec.channels:
        return
    named = tuple(map(str, np.ravel(file.read(keys.channels)).tolist()))
    if named != spec.channels:
        raise SSLKitError(
            f"{file.path}: the channels are {', '.join(named)}; the encoder takes {', '.join(spec.channels)}, in this "
            "order."
        )


def _samples(
    file: ArrayFile, key: str, spec: SampleSpec, settings: Mapping[str, Any], notes: list[Note]
) -> Samples:
    array, where = file.rows(key), f"{file.path}: {key}" if file.path.suffix != ".npy" else str(file.path)
    if array.dtype.kind not in "uif" or array.size == 0:
        empty = "is empty" if array.size == 0 else f"holds {array.dtype}; numbers are needed"
        raise SSLKitError(f"{where} {empty}.")
    array, words = _in_layout(array, spec, where)
    if words:
        notes.append(Note(f"{key} is taken as {words}"))
    whole = array.dtype.kind in "ui"
    if spec.modality in ("image", "audio") and whole != (spec.scale != 1.0):
        if not whole:
            raise SSLKitError(
                f"{where}: its samples are floats; the encoder was trained on whole numbers. Store them alike."
            )
        array, note = _as_floats(array, spec, where)
        notes.append(note)
    if spec.modality == "image":
        check_picture_values(array, where, 1 / spec.scale)
    how: Missing = settings.get("missing") or ("keep" if spec.missing else "error")
    gaps = check_missing(array, how, AXES.get(spec.modality, ("sample",)), where)
    if isinstance(array, NpyRows) and (gaps or (how != "error" and is_sampled(array))):
        return FilledSamples(ArraySamples(array), how)
    if gaps and not isinstance(array, NpyRows):
        array = fill_missing(array, how)
    return ArraySamples(array, np.uint8 if spec.modality == "image" and array.dtype.kind in "ui" else None)


def _in_layout(array: np.ndarray | NpyRows, spec: SampleSpec, where: str) -> tuple[np.ndarray | NpyRows, str]:
    """``(N, *spec.shape)``, and in words what was done to the axes."""
    if array.shape[1:] == spec.shape:
        return array, ""
    if array.shape == spec.shape:
        return array[:][None], "one sample"
    for pattern in LAYOUTS.get(spec.modality, ()):
        before = pattern.split(" -> ")[0]
        if len(before.split()) != array.ndim or ("1" in before.split() and array.shape[1] != 1):
            continue
        axes = "×".join(axis.upper().replace("B", "N") for axis in before.split())
        if rearrange(np.broadcast_to(np.zeros(()), array.shape), pattern).shape[1:] != spec.shape:
            continue
        if before.startswith("b"):
            return arranged(array, partial(rearrange, pattern=pattern)), axes
        return rearrange(array[:], pattern), f"one sample, {axes}"
    advice = ""
    if array.shape[1:] == spec.shape[::-1]:
        advice = f" It looks as if its axes were turned: transpose{(0, *range(array.ndim - 1, 0, -1))}."
    raise SSLKitError(
        f"{where} has shape {array.shape}; the encoder takes {spec.modality} samples of shape {spec.shape}, several as "
        f"(N, {', '.join(map(str, spec.shape))}).{advice}"
    )


def _as_floats(
    array: np.ndarray | NpyRows, spec: SampleSpec, where: str
) -> tuple[np.ndarray | NpyRows, Note]:
    """Whole numbers for an encoder of floats: 8-bit pictures and 16-bit sound have one meaning."""
    top = {"image": (np.uint8, 255), "audio": (np.int16, 32768)}[spec.modality]
    if array.dtype.newbyteorder("=") != top[0]:
        raise SSLKitError(
            f"{where} is {array.dtype}; the encoder was trained on floats. Divide by the largest value that can be."
        )
    range_ = "0…255 as 0…1" if spec.modality == "image" else "±32,768 as ±1"
    return arranged(array, partial(_divided, top=top[1])), Note(f"{where}: whole numbers are taken, {range_}")


def _divided(array: np.ndarray, top: int) -> np.ndarray:
    return array.astype(np.float32) / np.float32(top)


def _labels(
    file: ArrayFile, keys: ArrayKeys, sizes: Mapping[str, int], settings: Mapping[str, Any], notes: list[Note]
) -> tuple[dict[str, np.ndarray], tuple[str, ...]]:
    """Of the parts that have them; a network needs none, so that others are left out and said."""
    unknown = {part: np.full(size, UNKNOWN, dtype=np.int64) for part, size in sizes.items()}
    found = {part: file.read(key) for part, key in keys.labels.items() if part in sizes}
    if not found:
        return unknown, ()
    names = file.read("names").ravel().astype(str).tolist() if "names" in file else None
    try:
        for part, column in found.items():
            if len(np.atleast_1d(column)) != sizes[part]:
                raise SSLKitError(
                    f"{keys.labels[part]} has {len(np.atleast_1d(column))} for {sizes[part]} samples"
                )
        labels = encode_labels([*found.values()], f"{file.path}: labels", names, settings.get("unknown"))
    except SSLKitError as error:
        notes.append(Note("labels are not used", why=str(error).rstrip("."), warning=True))
        return unknown, ()
    notes += labels.notes
    return {**unknown, **dict(zip(found, labels.codes, strict=True))}, labels.class_names


def _groups(
    file: ArrayFile, keys: ArrayKeys, sizes: Mapping[str, int], notes: list[Note]
) -> tuple[dict[str, np.ndarray], tuple[str, ...]]:
    found = {part: np.ravel(file.read(key)) for part, key in keys.groups.items() if part in sizes}
    wrong = [keys.groups[part] for part, column in found.items() if len(column) != sizes[part]]
    if wrong:
        why = "their numbers are not those of the samples"
        notes.append(Note("groups are not used", which=tuple(wrong), why=why, warning=True))
    if wrong or not found:
        return {}, ()
    if "group_names" in file and all(column.dtype.kind in "iu" for column in found.values()):
        names = file.read("group_names").ravel().astype(str)
        highest = max(int(column.max()) for column in found.values())
        lowest = min(int(column.min()) for column in found.values())
        if lowest >= 0 and highest < len(names):
            found = {part: names[column] for part, column in found.items()}
    numbers, group_names, said = encode_groups([*found.values()], f"{file.path}: groups")
    notes += said
    return dict(zip(found, numbers, strict=True)), group_names
