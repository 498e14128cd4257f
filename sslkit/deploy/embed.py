"""New samples from files → features of a run's encoder."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from sslkit.data.quality import check_missing
from sslkit.deploy.description import read_description
from sslkit.deploy.encoder import Encoder, load_encoder
from sslkit.errors import SSLKitError
from sslkit.evaluation.features import extract
from sslkit.registry import Registry
from sslkit.types import Dataset


def embed_files(run: Path, data: Path, registry: Registry, batch_size: int = 256) -> dict[str, np.ndarray]:
    """Features by the encoder in the folder ``run``, by part; see ``sslkit.embed``.

    Raises:
        SSLKitError: no encoder, no such file, or samples of another shape or rate than the encoder takes.
    """
    encoder = load_encoder(run, registry)
    if data.suffix == ".npy":
        return {"features": _embed_array(encoder, data, batch_size)}
    dataset = _load(encoder, run, data, registry)
    if dataset.spec.shape != encoder.spec.shape or dataset.spec.modality != encoder.spec.modality:
        raise SSLKitError(
            f"{data}: {dataset.spec.modality} samples of shape {dataset.spec.shape}; the encoder of {run} takes "
            f"{encoder.spec.modality} of shape {encoder.spec.shape}."
        )
    _check_stored(encoder, dataset.spec.scale != 1.0, data)
    if dataset.spec.rate_hz != encoder.spec.rate_hz:
        raise SSLKitError(
            f"{data}: {dataset.spec.rate_hz} Hz; the encoder of {run} takes {encoder.spec.rate_hz} Hz."
        )
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
    elif "path" not in own.settings:
        raise SSLKitError(
            f"{data}: give a .npy or .npz file; the run's data source '{own.name}' reads no files."
        )
    problems: list[object] = []
    spec = registry.check("data", {**config, "path": str(data)}, "data", problems)  # type: ignore[arg-type]
    if spec is None:
        raise SSLKitError("; ".join(str(problem) for problem in problems))
    dataset: Dataset = registry.build(spec).load()
    return dataset


def _check_stored(encoder: Encoder, whole: bool, data: Path) -> None:
    """Whole numbers are scaled by the encoder (uint8 pictures, int16 sound), floats are not."""
    if encoder.spec.modality != "sensor" and whole != (encoder.spec.scale != 1.0):
        kinds = ("floats", "whole numbers")
        raise SSLKitError(
            f"{data}: its samples are {kinds[whole]}; the encoder was trained on {kinds[not whole]}. Store them alike."
        )


def _embed_array(encoder: Encoder, path: Path, batch_size: int) -> np.ndarray:
    try:
        array = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise SSLKitError(f"{path}: not a readable .npy file of numbers: {error}.") from error
    if array.dtype.kind not in "uif" or array.ndim < 2:
        raise SSLKitError(
            f"{path}: holds {array.dtype} of shape {array.shape}; samples of numbers are needed."
        )
    expected = encoder.spec.shape
    if array.ndim == len(expected) and len(expected) == 3 and expected[0] == 1:
        array = array[:, None]  # grey pictures without a channel axis
    elif (
        array.ndim == 4
        and tuple(array.shape[1:]) != expected
        and (array.shape[3], *array.shape[1:3]) == expected
    ):
        array = array.transpose(0, 3, 1, 2)
    if len(array) == 0:
        raise SSLKitError(f"{path}: is empty.")
    _check_stored(encoder, array.dtype.kind in "ui", path)
    check_missing(array, "error", ("sample",), str(path))
    with torch.no_grad():
        pieces = [
            encoder(torch.from_numpy(np.ascontiguousarray(array[i : i + batch_size])))
            for i in range(0, len(array), batch_size)
        ]
    return torch.cat(pieces).numpy()
