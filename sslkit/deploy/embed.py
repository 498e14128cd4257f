"""New samples from files → features of a run's encoder."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import torch
from einops import rearrange

from sslkit.data.quality import Missing, check_missing, fill_missing
from sslkit.deploy.description import read_description
from sslkit.deploy.encoder import Encoder, embed, load_encoder
from sslkit.errors import Problem, SSLKitError
from sslkit.evaluation.features import extract
from sslkit.registry import Registry
from sslkit.types import Dataset

RATE_TOLERANCE = 0.01  # between rates that are the same


def embed_files(run: Path, data: Path, registry: Registry, batch_size: int = 256) -> dict[str, np.ndarray]:
    """Features by the encoder in the folder ``run``, by part; see ``sslkit.embed``.

    Raises:
        SSLKitError: no encoder, no such file, or samples of another shape or rate than the encoder takes.
    """
    if batch_size < 1:
        raise SSLKitError(f"batch_size: at least 1, found {batch_size}.")
    encoder = load_encoder(run, registry)
    if data.suffix == ".npy":
        samples = _read_samples(encoder, data)
        return {"features": embed(encoder, torch.from_numpy(samples), batch_size).numpy()}
    dataset = _load(encoder, run, data, registry)
    _check_alike(encoder, run, dataset, data)
    found = {"class_names": np.array(dataset.class_names, dtype=str)}
    for name, part in (("train", dataset.train), ("test", dataset.test)):
        if part is not None and len(part):
            found[f"features_{name}"] = extract(encoder, part, batch_size, "cpu")
            found[f"y_{name}"] = part.y
    return found


def _load(encoder: Encoder, run: Path, data: Path, registry: Registry) -> Dataset:
    """Through the run's own data source with this path, or ``arrays`` for an .npz file."""
    config = read_description(run)["config"]["data"]
    own = registry.entry("data", config["name"])
    if own.name != "arrays" and data.suffix == ".npz":
        config = {"name": "arrays", "modality": encoder.spec.modality, "rate_hz": encoder.spec.rate_hz}
        config |= {"missing": "keep"} if encoder.spec.missing else {}
    elif "path" not in own.settings:
        raise SSLKitError(
            f"{data}: give a .npy or .npz file; the run's data source '{own.name}' reads no files."
        )
    problems: list[Problem] = []
    spec = registry.check("data", {**config, "path": str(data)}, "data", problems)
    if spec is None:
        raise SSLKitError("; ".join(str(problem) for problem in problems))
    dataset: Dataset = registry.build(spec).load()
    return dataset


def _check_alike(encoder: Encoder, run: Path, dataset: Dataset, data: Path) -> None:
    """Samples are what the encoder was trained on, or refused in words."""
    spec, own = dataset.spec, encoder.spec
    if (spec.shape, spec.modality) != (own.shape, own.modality):
        raise SSLKitError(
            f"{data}: {spec.modality} samples of shape {spec.shape}; the encoder of {run} takes "
            f"{own.modality} of shape {own.shape}."
        )
    _check_stored(encoder, spec.scale != 1.0, data)
    if not _same_rate(spec.rate_hz, own.rate_hz):
        raise SSLKitError(f"{data}: {spec.rate_hz} Hz; the encoder of {run} takes {own.rate_hz} Hz.")


def _same_rate(one: float | None, other: float | None) -> bool:
    """Rates measured from stamps are never equal to the last digit."""
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=RATE_TOLERANCE)


def _check_stored(encoder: Encoder, whole: bool, data: Path) -> None:
    """Whole numbers are scaled by the encoder (uint8 pictures, int16 sound), floats are not."""
    if encoder.spec.modality != "sensor" and whole != (encoder.spec.scale != 1.0):
        kinds = ("floats", "whole numbers")
        raise SSLKitError(
            f"{data}: its samples are {kinds[whole]}; the encoder was trained on {kinds[not whole]}. Store them alike."
        )


def _read_samples(encoder: Encoder, path: Path) -> np.ndarray:
    """Samples ``(N, *encoder.spec.shape)`` of a .npy file."""
    try:
        array = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise SSLKitError(f"{path}: not a readable .npy file of numbers: {error}.") from error
    if array.dtype.kind not in "uif" or array.ndim < 2:
        raise SSLKitError(
            f"{path}: holds {array.dtype} of shape {array.shape}; samples of numbers are needed."
        )
    if len(array) == 0:
        raise SSLKitError(f"{path}: is empty.")
    _check_stored(encoder, array.dtype.kind in "ui", path)
    how: Missing = "keep" if encoder.spec.missing else "error"
    if check_missing(array, how, ("sample",), str(path)):
        array = fill_missing(array, how)
    return _as_torch_takes_it(_with_channels(array, encoder.spec.shape))


def _with_channels(array: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Pictures without a channel axis, or with their channels last → ``(N, *shape)``; others stay as they are."""
    if len(shape) == 3 and array.shape[1:] != shape:
        channels, *size = shape
        if channels == 1 and array.ndim == 3:
            return rearrange(array, "b h w -> b 1 h w")
        if array.shape[1:] == (*size, channels):
            return rearrange(array, "b h w c -> b c h w")
    return array


def _as_torch_takes_it(array: np.ndarray) -> np.ndarray:
    """In one piece and in this machine's byte order; long doubles as doubles."""
    kind = array.dtype.newbyteorder("=")
    return np.ascontiguousarray(array, dtype=np.float64 if kind == np.longdouble else kind)
