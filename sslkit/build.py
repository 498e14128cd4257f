"""Experiment → objects: data, front end, views, networks, trainer; everything is checked to fit before training."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from sslkit.augment.views import Pipeline, Views
from sslkit.config import Experiment, ViewsConfig, label_of
from sslkit.data.loader import BatchOrder, Loader
from sslkit.data.samples import ArraySamples
from sslkit.data.splits import Splits, fingerprint, split
from sslkit.deploy.encoder import Encoder, make_card
from sslkit.errors import ConfigError, Problem, SSLKitError, in_a_line
from sslkit.randomness import derive
from sslkit.registry import Entry, Registry
from sslkit.training.device import choose_device, keep_freed_memory
from sslkit.training.distributed import Processes, share
from sslkit.training.trainer import Callback, Trainer
from sslkit.types import (
    Augmentation,
    Backbone,
    ComponentSpec,
    Dataset,
    Evaluator,
    FrontEnd,
    Modality,
    Objective,
    Part,
    Samples,
)

FEATURE_CACHE_BYTES = 2 * 2**30  # front-end outputs of the training part are kept in memory up to this size


@dataclass
class Prepared:
    """Everything that the methods of one experiment share.

    Attributes:
        experiment: with the modality's defaults filled in.
        dataset, splits: the data and its parts.
        frontend: fitted on the training part, on the device.
        data_digest: of contents and parts.
        warnings: what the user should know before training.
    """

    experiment: Experiment
    registry: Registry
    dataset: Dataset
    splits: Splits
    modality: Modality
    frontend: FrontEnd
    device: torch.device
    data_digest: str
    warnings: list[str] = field(default_factory=list)
    _cache: dict[str, Samples] = field(default_factory=dict)

    @property
    def n_classes(self) -> int:
        return len(self.dataset.class_names)

    @property
    def steps_per_epoch(self) -> int:
        return len(self.splits.train) // self.experiment.training.batch_size

    @property
    def total_steps(self) -> int:
        """The budget in optimiser steps."""
        budget = self.experiment.budget
        return budget.steps or max(1, round((budget.epochs or 0) * self.steps_per_epoch))

    def evaluators(self) -> dict[str, Evaluator]:
        """By name, in the config's order."""
        return {spec.name: self.registry.build(spec) for spec in self.experiment.evaluators}

    def backbone(self, seed: int) -> Backbone:
        """A new backbone; one seed gives one initialisation, whatever the method."""
        spec = self.experiment.backbone
        assert spec is not None
        torch.manual_seed(derive(seed, "backbone"))
        backbone: Backbone = self.registry.build(spec, shape=self.frontend.out_spec.shape)
        return backbone.to(self.device)

    def objective(self, spec: ComponentSpec, seed: int) -> Objective:
        """A new objective on the seed's backbone, in the memory format of training."""
        backbone = self.backbone(seed)
        torch.manual_seed(derive(seed, "heads"))
        objective: Objective = self.registry.build(spec, backbone=backbone).to(self.device)
        if self.channels_last:
            objective.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        return objective

    @property
    def n_views(self) -> int:
        """The most views that an objective of the experiment takes."""
        components = [
            self.registry.entry("objective", spec.name).component for spec in self.experiment.objectives
        ]
        return max(getattr(component, "n_views", 2) for component in components)

    @property
    def channels_last(self) -> bool:
        return self.experiment.training.channels_last and len(self.frontend.out_spec.shape) == 3

    def pipelines(self) -> list[Pipeline]:
        """New view pipelines (augmentations may keep state, so every run has its own)."""
        return [Pipeline(self._augmentations(specs)) for specs in _pipeline_specs(self)]

    def _augmentations(self, specs: Sequence[ComponentSpec]) -> list[Augmentation]:
        built: list[Augmentation] = [self.registry.build(spec) for spec in specs]
        for augmentation in built:
            raw = augmentation.stage == "raw"
            augmentation.check(self.dataset.spec if raw else self.frontend.out_spec)
        return built

    def views(self, seed: int, n_views: int) -> Views:
        """New views of raw samples."""
        return Views(self.pipelines(), n_views, self.dataset.spec, self.frontend, seed)

    def encoder(self, backbone: Backbone, **facts: object) -> Encoder:
        """The deployable encoder around a backbone."""
        experiment = self.experiment
        assert experiment.frontend is not None and experiment.backbone is not None
        card = make_card(
            self.dataset.spec,
            experiment.frontend,
            experiment.backbone,
            backbone.out_dim,
            class_names=list(self.dataset.class_names),
            data_digest=self.data_digest,
            **facts,
        )
        return Encoder(self.dataset.spec, self.frontend, backbone, card)

    def trainer(
        self,
        spec: ComponentSpec,
        seed: int,
        checkpoint: Path | None = None,
        callbacks: Sequence[Callback] = (),
        processes: Processes | None = None,
    ) -> Trainer:
        """Everything that one pre-training run needs."""
        training, processes = self.experiment.training, processes or Processes()
        share(training.batch_size, processes)
        objective = self.objective(spec, seed)
        label = label_of(spec)
        optimizer = self.registry.build(self.experiment.component_for(label, "optimizer"))
        views = self.views(seed, objective.n_views)
        samples: Samples = self.splits.train.x
        if not views.need_raw and (cached := self._cached_features()) is not None:
            samples, views = cached, views.on_features()
        order = BatchOrder(len(self.splits.train), training.batch_size, seed)
        return Trainer(
            objective,
            optimizer.build(objective, training.batch_size),
            self.registry.build(self.experiment.component_for(label, "schedule")),
            views,
            Loader(samples, order, self.device, processes.rank, processes.world),
            self.total_steps,
            seed,
            checkpoint=checkpoint,
            identity=self.identity(spec, seed),
            accumulate=training.accumulate,
            clip_norm=training.clip_norm,
            precision=training.precision,
            channels_last=self.channels_last,
            checkpoint_seconds=training.checkpoint_seconds,
            callbacks=callbacks,
            processes=processes,
        )

    def used_entries(self) -> list[Entry]:
        """Every registered component that the experiment uses, those of a recipe included."""
        experiment = self.experiment
        specs = [
            experiment.data,
            experiment.frontend,
            experiment.backbone,
            experiment.optimizer,
            experiment.schedule,
        ]
        specs += [
            experiment.views.recipe,
            *experiment.objectives,
            *experiment.evaluators,
            *experiment.baselines,
        ]
        specs += [spec for fields in experiment.overrides.values() for spec in fields.values()]
        specs += [spec for pipeline in _pipeline_specs(self) for spec in pipeline]
        entries = [self.registry.entry("modality", self.dataset.spec.modality)]
        for spec in specs:
            entries += self.registry.entries_of(spec) if spec is not None else []
        return list(dict.fromkeys(entries))

    def identity(self, spec: ComponentSpec, seed: int) -> str:
        """Digest of all that shapes a run's weights: a checkpoint of another is refused."""
        plain = self.experiment.to_plain()
        shaping = (
            "views",
            "frontend",
            "backbone",
            "optimizer",
            "schedule",
            "overrides",
            "budget",
            "training",
        )
        kept = {key: plain[key] for key in shaping}
        for key in (
            "checkpoint_seconds",
            "log_every",
            "monitor_every",
            "tensorboard",
            "device",
            "keep_freed_memory",
        ):
            kept["training"].pop(key)
        text = json.dumps([kept, spec.to_plain(), seed, self.data_digest], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def _cached_features(self) -> Samples | None:
        """The training part after the front end, computed once; None where it would not fit."""
        size = 4 * len(self.splits.train) * int(np.prod(self.frontend.out_spec.shape))
        if size > FEATURE_CACHE_BYTES:
            return None
        if "train" not in self._cache:
            features = [self.frontend(batch).cpu() for batch in self._decoded_batches()]
            self._cache["train"] = ArraySamples(torch.cat(features).numpy())
        return self._cache["train"]

    def _decoded_batches(self, size: int = 256) -> Iterator[Tensor]:
        part = self.splits.train
        for start in range(0, len(part), size):
            raw = part.x[np.arange(start, min(start + size, len(part)))]
            yield self.dataset.spec.decode(raw.to(self.device))


@torch.no_grad()
def prepare(experiment: Experiment, registry: Registry, local_rank: int = 0) -> Prepared:
    """Load the data, cut its parts, fit the front end, and check that everything fits.

    Raises:
        ConfigError: components that do not fit the data, all of them at once.
        SSLKitError: data that cannot be used.
    """
    training = experiment.training
    device = choose_device(training.device, local_rank)
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
    digest = hashlib.sha256(f"{fingerprint(dataset)} {parts.digest()}".encode()).hexdigest()
    prepared = Prepared(experiment, registry, dataset, parts, modality, frontend, device, digest)
    frontend.fit(prepared._decoded_batches())
    for part in (parts.validation, parts.test):
        _read_through(part)
    frontend.eval()
    _check_fit(prepared)
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


def _pipeline_specs(prepared: Prepared) -> Sequence[Sequence[ComponentSpec]]:
    views = prepared.experiment.views
    if views.pipelines is not None:
        return views.pipelines
    assert views.recipe is not None
    problems: list[Problem] = []
    plain = prepared.registry.build(views.recipe).pipelines(prepared.dataset.spec)
    check = prepared.registry.check
    specs = [
        [check("augmentation", item, f"recipe '{views.recipe.name}'", problems) for item in pipeline]
        for pipeline in plain
    ]
    if problems:
        raise ConfigError(problems, "views")
    return [[spec for spec in pipeline if spec is not None] for pipeline in specs]


def _check_fit(prepared: Prepared) -> None:
    """Build each part once on two samples; collect what does not fit."""
    problems: list[Problem] = []
    experiment = prepared.experiment
    _check_modalities(prepared, problems)
    attempts: list[tuple[str, Callable[[], object]]] = [
        ("backbone", partial(_try_backbone, prepared)),
        ("views", partial(_try_views, prepared)),
        *((f"objectives.{label_of(s)}", partial(prepared.objective, s, 0)) for s in experiment.objectives),
        ("evaluators", prepared.evaluators),
        *((f"baselines.{s.name}", partial(prepared.registry.build, s)) for s in experiment.baselines),
    ]
    for label, attempt in attempts if not problems else []:
        try:
            attempt()
        except SSLKitError as error:
            problems.append(Problem(label, str(error).rstrip(".").removeprefix(f"{label}: ")))
        except Exception as error:  # whatever a component, also a plugin's, makes of samples it cannot take
            problems.append(Problem(label, f"cannot be used with these data: {in_a_line(error)}"))
    n, batch = len(prepared.splits.train), experiment.training.batch_size
    if n < batch:
        problems.append(
            Problem(
                "training.batch_size",
                f"is {batch}, but the training part has {n} samples",
                f"Use at most {n}.",
            )
        )
    if problems:
        raise ConfigError(problems, f"{experiment.name}: does not fit the data")
    prepared.warnings += _warnings(prepared)


def _check_modalities(prepared: Prepared, problems: list[Problem]) -> None:
    experiment, modality = prepared.experiment, prepared.dataset.spec.modality
    specs = [("views", experiment.views.recipe)]
    specs += [("views", spec) for pipeline in experiment.views.pipelines or () for spec in pipeline]
    for path, spec in specs:
        takes = (
            getattr(prepared.registry.entry(spec.kind, spec.name).component, "modalities", ()) if spec else ()
        )
        if spec and takes and modality not in takes:
            problems.append(
                Problem(
                    path, f"{spec.kind} '{spec.name}' is for {' and '.join(takes)}, the data is {modality}"
                )
            )
    assert experiment.backbone is not None
    component = prepared.registry.entry("backbone", experiment.backbone.name).component
    axes, shape = getattr(component, "sample_ndim", None), prepared.frontend.out_spec.shape
    if axes is not None and axes != len(shape):
        fitting = [
            e.name
            for e in prepared.registry.entries("backbone")
            if getattr(e.component, "sample_ndim", 0) == len(shape)
        ]
        problems.append(
            Problem(
                "backbone",
                f"'{experiment.backbone.name}' takes samples of {axes} axes, "
                f"after the front end they have {len(shape)}: {shape}",
                f"Fitting: {', '.join(fitting)}.",
            )
        )


def _two_samples(prepared: Prepared) -> Tensor:
    return prepared.splits.train.x[np.arange(min(2, len(prepared.splits.train)))].to(prepared.device)


def _try_backbone(prepared: Prepared) -> None:
    x = prepared.frontend(prepared.dataset.spec.decode(_two_samples(prepared)))
    try:
        prepared.backbone(0).eval()(x)
    except (RuntimeError, ValueError) as error:
        raise SSLKitError(f"cannot take samples of shape {tuple(x.shape[1:])}: {in_a_line(error)}") from error


def _try_views(prepared: Prepared) -> None:
    expected = tuple(prepared.frontend.out_spec.shape)
    for view in prepared.views(0, prepared.n_views)(_two_samples(prepared), 0):
        if tuple(view.shape[1:]) != expected:
            raise SSLKitError(f"the augmentations turn shape {expected} into {tuple(view.shape[1:])}")
        if not view.isfinite().all():
            raise SSLKitError("the augmentations make NaN or Inf of samples without any")


def _warnings(prepared: Prepared) -> list[str]:
    experiment, found = prepared.experiment, []
    for label in experiment.labels:
        spec = experiment.component_for(label, "optimizer")
        optimizer = prepared.registry.build(spec)
        rate, (low, high) = (
            optimizer.effective_learning_rate(experiment.training.batch_size),
            optimizer.typical,
        )
        if not low <= rate <= high:
            found.append(
                f"{label}: the learning rate {rate:.3g} is unusual for {spec.name}, which takes {low:g} to {high:g}; "
                "a rate that belongs to another optimiser makes encoders collapse."
            )
    if experiment.training.precision == "bf16" and prepared.device.type == "cpu":
        found.append("bf16 on a CPU is slower than fp32 unless it has bf16 instructions.")
    return found
