"""Experiment → data, parts and a fitted front end, checked to fit before any training."""

from __future__ import annotations

import dataclasses

import numpy as np
import torch

from sslkit.build.fit import check_fit
from sslkit.build.prepared import Prepared
from sslkit.config import Experiment, ViewsConfig
from sslkit.data.splits import fingerprint, split
from sslkit.errors import ConfigError, Problem
from sslkit.registry import Registry
from sslkit.training.device import choose_device, keep_freed_memory, make_deterministic
from sslkit.types import (
    ComponentSpec,
    Dataset,
    FrontEnd,
    Modality,
    Part,
)


@torch.no_grad()
def prepare(experiment: Experiment, registry: Registry, local_rank: int = 0) -> Prepared:
    """Load the data, cut its parts, fit the front end, and check that everything fits.

    Raises:
        ConfigError: components that do not fit the data, all of them at once.
        SSLKitError: data that cannot be used.
    """
    training = experiment.training
    device = choose_device(training.device, local_rank)
    make_deterministic(device)
    if training.threads:
        torch.set_num_threads(training.threads)
    if device.type == "cpu" and training.keep_freed_memory:
        keep_freed_memory()
    dataset: Dataset = registry.build(experiment.data).load()
    parts = split(dataset, experiment.splits.validation, experiment.splits.test, experiment.splits.seed)
    modality: Modality = registry.build(
        ComponentSpec("modality", registry.entry("modality", dataset.spec.modality).name)
    )
    experiment = _with_defaults(experiment, modality, registry)
    assert experiment.frontend is not None
    frontend: FrontEnd = registry.build(experiment.frontend, spec=dataset.spec).to(device)
    prepared = Prepared(
        experiment, registry, dataset, parts, modality, frontend, device, fingerprint(dataset)
    )
    frontend.fit(prepared.decoded_batches())
    for part in (parts.validation, parts.test):
        _read_through(part)
    frontend.eval()
    check_fit(prepared)
    return prepared


def _read_through(part: Part, size: int = 256) -> None:
    """A file that cannot be decoded is to be found now, not when the training that needs it judged is over."""
    for start in range(0, len(part), size):
        part.x[np.arange(start, min(start + size, len(part)))]


def _with_defaults(experiment: Experiment, modality: Modality, registry: Registry) -> Experiment:
    """Fill in what the config left to the modality."""
    problems: list[Problem] = []
    changes: dict[str, object] = {}
    for name in ("frontend", "backbone"):
        if getattr(experiment, name) is None:
            changes[name] = registry.check(name, modality.defaults[name], name, problems)
    if experiment.views.recipe is None and experiment.views.pipelines is None:
        recipe = registry.check("recipe", modality.defaults["views"], "views", problems)
        changes["views"] = ViewsConfig(recipe=recipe)
    if problems:
        raise ConfigError(problems, f"defaults of {type(modality).__name__}")
    return dataclasses.replace(experiment, **changes)  # type: ignore[arg-type]
