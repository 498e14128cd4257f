"""New samples from files → features of a run's encoder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from sslkit.deploy.description import RUN_JSON, read_description
from sslkit.deploy.encoder import Encoder, load_encoder
from sslkit.deploy.new_arrays import are_arrays, read_new_arrays
from sslkit.deploy.new_samples import WHAT_IT_TAKES, NewSamples, as_encoder_takes
from sslkit.errors import Problem, SSLKitError
from sslkit.evaluation.features import extract
from sslkit.registry import Registry
from sslkit.types import ComponentSpec, DataSource

# settings of training data that are no rule for reading others
OF_THESE_FILES = (
    "name",
    "path",
    "root",
    "events",
    "split",
    "test_path",
    "validation_path",
    "test_folds",
    "workers",
)
SURE = ("range", "bits")  # settings that say which values are black and white


def embed_files(
    run: Path,
    data: Path,
    registry: Registry,
    batch_size: int = 256,
    settings: Mapping[str, Any] | None = None,
) -> tuple[dict[str, np.ndarray], NewSamples]:
    """Features by the encoder in the folder ``run`` with what is known of each sample, and what was read; see
    ``sslkit.embed``.

    Raises:
        SSLKitError: no encoder, no such file, or samples that it does not take.
    """
    if batch_size < 1:
        raise SSLKitError(f"batch_size: at least 1, found {batch_size}.")
    encoder, data = load_encoder(run, registry), data.expanduser()
    if not data.exists() and data.suffix.lower() not in (".npy", ".npz"):
        raise SSLKitError(f"{data}: there is no such file or folder.")
    if are_arrays(data):
        _check(registry, "arrays", {"path": str(data), **(settings or {})}, data)
        found = read_new_arrays(data, encoder.spec, settings or {})
    else:
        found = _read_files(encoder, run, data, registry, settings or {})
    parts = found.parts.values()
    features = np.concatenate([extract(encoder, part, batch_size, "cpu") for part in parts])
    return {**found.columns(), "features": features}, found


def _read_files(
    encoder: Encoder, run: Path, data: Path, registry: Registry, settings: Mapping[str, Any]
) -> NewSamples:
    """By the source that the encoder was trained from if it reads such files, else by the first that does."""
    own, reading = _trained_by(encoder, run)
    names = sorted(registry.names("data"), key=lambda name: name != own)
    for name in names:
        source = registry.entry("data", name).component
        assert issubclass(source, DataSource)
        found = source.settings_for(data, encoder.spec, reading if name == own else {})
        if found is not None:
            return _load(registry, name, {**found, **settings}, encoder, data)
    if own is not None and own in names and "path" in registry.entry("data", own).settings:
        config = {**read_description(run)["config"]["data"], "path": str(data), **settings}
        return _load(registry, own, config, encoder, data)
    takes = WHAT_IT_TAKES.get(encoder.spec.modality, f"{encoder.spec.modality} samples")
    raise SSLKitError(
        f"{data}: no data source reads it for this encoder, which takes {takes}, or .npy and .npz."
    )


def _trained_by(encoder: Encoder, run: Path) -> tuple[str | None, dict[str, Any]]:
    """The source of the training data and its rule for reading: on the card, once in the run's config."""
    card = encoder.card.get("reading")
    if isinstance(card, Mapping) and "source" in card:
        return str(card["source"]), {name: value for name, value in card.items() if name != "source"}
    if not (run / RUN_JSON).is_file():
        return None, {}
    config = read_description(run)["config"]["data"]
    return config["name"], {name: value for name, value in config.items() if name not in OF_THESE_FILES}


def _load(
    registry: Registry, name: str, config: Mapping[str, Any], encoder: Encoder, data: Path
) -> NewSamples:
    spec = _check(registry, name, config, data)
    source: DataSource = registry.build(spec)
    is_sure = name != "image_folder" or any(config.get(setting) is not None for setting in SURE)
    return as_encoder_takes(source.load_new(), encoder.spec, str(data), is_sure)


def _check(registry: Registry, name: str, config: Mapping[str, Any], data: Path) -> ComponentSpec:
    problems: list[Problem] = []
    spec = registry.check("data", {**config, "name": name}, "", problems)
    if spec is None:
        raise SSLKitError(f"{data}: " + "; ".join(str(problem).lstrip(".") for problem in problems))
    return spec
