"""Experiment → data, parts and a fitted front end, checked to fit before any training."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor

from sslkit.assembly.fit import check_fit
from sslkit.assembly.prepared import Prepared
from sslkit.config import Experiment, ViewsConfig
from sslkit.data.looking import bytes_of, chosen_places
from sslkit.data.samples import has_files
from sslkit.data.splits import Splits, fingerprint, split, split_for_training
from sslkit.errors import ConfigError, Problem
from sslkit.guards import Inspection, enforce, inspect
from sslkit.guards.reading import only_training_is_read
from sslkit.registry import Registry
from sslkit.training.device import choose_device, keep_freed_memory, make_deterministic
from sslkit.types import (
    ComponentSpec,
    Dataset,
    FrontEnd,
    Modality,
    Part,
    Samples,
)


class PreparedCache:
    """What was prepared last, for experiments that follow each other: equal data are loaded and cut, and equal front
    ends fitted and computed, once."""

    def __init__(self) -> None:
        self._data: tuple[str, _Data] | None = None
        self._front_end: tuple[str, FrontEnd, dict[str, Samples]] | None = None
        self._inspection: tuple[float, Inspection] | None = None  # of these data by this front end

    def data(self, experiment: Experiment, registry: Registry, judged: bool = True) -> _Data:
        """The experiment's data and their parts; where nothing is to be ``judged``, a test part is not needed."""
        key = _data_key(experiment, judged)
        if self._data is None or self._data[0] != key:
            self._data = self._front_end = None  # what is no longer needed goes before the new comes
            dataset: Dataset = registry.build(experiment.data).load()
            splits = experiment.splits
            cut = split if judged else split_for_training
            parts = cut(dataset, splits.validation, splits.test, splits.seed, splits.most)
            self._data = (key, _Data(dataset, parts, fingerprint(dataset)))
        return self._data[1]

    def was_read(self, experiment: Experiment) -> tuple[Dataset, Splits] | None:
        """The experiment's data and parts, where they could be read, though they may not fit its other components."""
        if self._data is None or self._data[0] != _data_key(experiment, judged=True):
            return None
        return self._data[1].dataset, self._data[1].parts

    def fit(self, prepared: Prepared) -> None:
        """Give ``prepared`` its fitted front end, with what it made of the training part so far."""
        spec = prepared.experiment.frontend
        assert spec is not None
        key = json.dumps([spec.to_plain(), str(prepared.device)], sort_keys=True)
        if self._front_end is None or self._front_end[0] != key:
            self._front_end = self._inspection = None
            with only_training_is_read(prepared.dataset, prepared.splits) as (dataset, splits):
                watched = dataclasses.replace(prepared, dataset=dataset, splits=splits)
                train, rows = splits.train, splits.indices[0]
                prepared.frontend.fit(
                    watched.decoded_batches(chosen=chosen_places(train, rows, bytes_of(train)))
                )
            for part in (prepared.splits.validation, prepared.splits.test):
                _read_through(part)
            self._front_end = (key, prepared.frontend.eval(), {})
        _, prepared.frontend, prepared._cache = self._front_end

    def inspect(self, prepared: Prepared) -> Inspection:
        """Look for leaks between the parts."""
        spec, most_copies = prepared.dataset.spec, prepared.experiment.guards.copies
        if self._inspection is None or self._inspection[0] != most_copies:

            def represent(raw: Tensor) -> Tensor:
                return prepared.frontend(spec.decode(raw.to(prepared.device))).cpu()

            found = inspect(prepared.splits, spec, represent, most_copies, prepared.dataset.group_name)
            self._inspection = (most_copies, found)
        return self._inspection[1]


def _data_key(experiment: Experiment, judged: bool) -> str:
    plain = [experiment.data.to_plain(), experiment.splits.model_dump(), judged]
    return json.dumps(plain, sort_keys=True)


@dataclasses.dataclass(frozen=True)
class _Data:
    dataset: Dataset
    parts: Splits
    fingerprint: str


@torch.no_grad()
def prepare(
    experiment: Experiment,
    registry: Registry,
    local_rank: int = 0,
    cache: PreparedCache | None = None,
    guarded: bool = False,
    judged: bool = True,
) -> Prepared:
    """Load the data, cut its parts, fit the front end, and check that everything fits.

    Args:
        experiment: what to prepare.
        registry: of its components.
        local_rank: which device, where several processes train together.
        cache: keeps data and front end for the next experiment.
        guarded: look for leaks between the parts, too; once for each comparison is enough.
        judged: encoders will be judged, so validation and test parts must be cut by the rules; pre-training alone
            and previews do without (``split_for_training``).

    Raises:
        ConfigError: components that do not fit the data, all of them at once.
        SSLKitError: data that cannot be used, or parts that leak into each other.
    """
    training, cache = experiment.training, cache or PreparedCache()
    device = choose_device(training.device, local_rank)
    make_deterministic(device)
    if training.threads:
        torch.set_num_threads(training.threads)
    data = cache.data(experiment, registry, judged)
    spec = data.dataset.spec
    modality: Modality = registry.build(
        ComponentSpec("modality", registry.entry("modality", spec.modality).name)
    )
    experiment = _with_defaults(experiment, modality, registry)
    assert experiment.frontend is not None
    frontend: FrontEnd = registry.build(experiment.frontend, spec=spec).to(device)
    prepared = Prepared(
        experiment, registry, data.dataset, data.parts, modality, frontend, device, data.fingerprint
    )
    cache.fit(prepared)
    check_fit(prepared)
    if guarded and len(data.parts.test):  # what is not judged has nothing to leak into
        prepared.inspection = cache.inspect(prepared)
        prepared.warnings += enforce(prepared.inspection.findings, experiment.guards.leaks, experiment.name)
    if device.type == "cpu" and training.keep_freed_memory:
        keep_freed_memory()  # from here on: what reading the data took goes back
    return prepared


def _read_through(part: Part, size: int = 256) -> None:
    """A file that cannot be decoded is to be found now, not when the training that needs it judged is over."""
    if not has_files(part.x):
        return
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
        default = modality.defaults["views"]
        default = dict(default) if isinstance(default, Mapping) else {"name": default}
        recipe = registry.check("recipe", {**default, **(experiment.views.changes or {})}, "views", problems)
        changes["views"] = ViewsConfig(recipe=recipe)
    if problems:
        raise ConfigError(problems, f"defaults of {type(modality).__name__}")
    return dataclasses.replace(experiment, **changes)  # type: ignore[arg-type]
