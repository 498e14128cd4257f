"""What the methods of one experiment share, and the objects that each of them gets."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from sslkit.assembly.pipelines import pipeline_specs
from sslkit.augment.views import Pipeline, Views
from sslkit.config import Experiment, label_of
from sslkit.data.loader import BatchOrder, Loader
from sslkit.data.samples import ArraySamples
from sslkit.data.splits import Splits, fingerprint
from sslkit.data.watching import WatchedFiles
from sslkit.deploy.encoder import Encoder, make_card
from sslkit.guards import Inspection
from sslkit.randomness import derive
from sslkit.registry import Entry, Registry
from sslkit.training.checkpoint import Checkpointing
from sslkit.training.distributed import Processes, share
from sslkit.training.plan import TrainingPlan
from sslkit.training.trainer import Callback, Trainer
from sslkit.types import (
    Augmentation,
    Backbone,
    ComponentSpec,
    Dataset,
    Evaluator,
    FrontEnd,
    Modality,
    NetworkEvaluator,
    Objective,
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
        fingerprint: of the data's contents.
        warnings: what the user should know before training.
        inspection: what was found when leaks were looked for; None where nobody looked.
    """

    experiment: Experiment
    registry: Registry
    dataset: Dataset
    splits: Splits
    modality: Modality
    frontend: FrontEnd
    device: torch.device
    fingerprint: str
    warnings: list[str] = field(default_factory=list)
    inspection: Inspection | None = None
    _cache: dict[str, Samples] = field(default_factory=dict)

    @property
    def data_digest(self) -> str:
        """Of contents and parts."""
        return self._digest(self.fingerprint)

    def watched_files(self) -> WatchedFiles:
        """The files that the data come from, as they are now."""
        splits = self.splits
        return WatchedFiles.of(
            self.experiment.data.to_plain(), (splits.train, splits.validation, splits.test)
        )

    def is_of(self, fingerprint_or_digest: object) -> bool:
        """Whether a fingerprint of data, or a ``data_digest``, is of these: as taken now, or by version 0.1.0."""
        if fingerprint_or_digest in (self.fingerprint, self.data_digest):
            return True
        former = fingerprint(self.dataset, former=True)
        return fingerprint_or_digest in (former, self._digest(former))

    def _digest(self, of_data: str) -> str:
        return hashlib.sha256(f"{of_data} {self.splits.digest()}".encode()).hexdigest()

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

    def evaluators(self) -> dict[str, Evaluator | NetworkEvaluator]:
        """By label, in the config's order."""
        return {label_of(spec): self.registry.build(spec) for spec in self.experiment.evaluators}

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
        return [Pipeline(self._augmentations(specs)) for specs in self.pipeline_specs()]

    def pipeline_specs(self) -> list[list[ComponentSpec]]:
        """The augmentations of each pipeline; the config's, or its recipe's for these data."""
        return pipeline_specs(self.registry, self.experiment.views, self.dataset.spec)

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
            reading={"source": experiment.data.name, **self.dataset.reading},
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
        saving = None
        if checkpoint is not None:
            saving = Checkpointing(
                checkpoint, self.identity(spec, seed, processes.world), training.checkpoint_seconds
            )
        return Trainer(
            objective,
            optimizer.build(objective, training.batch_size),
            self.registry.build(self.experiment.component_for(label, "schedule")),
            views,
            Loader(samples, order, self.device, processes.rank, processes.world),
            self.plan(seed),
            saving,
            callbacks,
            processes,
        )

    def plan(self, seed: int) -> TrainingPlan:
        """How a run under this seed trains."""
        training = self.experiment.training
        return TrainingPlan(
            self.total_steps,
            seed,
            accumulate=training.accumulate,
            clip_norm=training.clip_norm,
            precision=training.precision,
            channels_last=self.channels_last,
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
        specs += [spec for pipeline in self.pipeline_specs() for spec in pipeline]
        entries = [self.registry.entry("modality", self.dataset.spec.modality)]
        for spec in specs:
            entries += self.registry.entries_of(spec) if spec is not None else []
        return list(dict.fromkeys(entries))

    def identity(self, spec: ComponentSpec, seed: int, world: int = 1) -> str:
        """Digest of all that shapes a run's weights, how many processes too: a checkpoint of another is refused."""
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
        processes = [world] if world > 1 else []
        text = json.dumps([kept, spec.to_plain(), seed, self.data_digest, *processes], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def _cached_features(self) -> Samples | None:
        """The training part after the front end, computed once; None where it would not fit."""
        size = 4 * len(self.splits.train) * int(np.prod(self.frontend.out_spec.shape))
        if size > FEATURE_CACHE_BYTES:
            return None
        if "train" not in self._cache:
            features = [self.frontend(batch).cpu() for batch in self.decoded_batches()]
            self._cache["train"] = ArraySamples(torch.cat(features).numpy())
        return self._cache["train"]

    def decoded_batches(self, size: int = 256, chosen: np.ndarray | None = None) -> Iterator[Tensor]:
        """The training part, or the places in it that are ``chosen``, decoded, on the device."""
        part = self.splits.train
        places = np.arange(len(part)) if chosen is None else chosen
        for start in range(0, len(places), size):
            yield self.dataset.spec.decode(part.x[places[start : start + size]].to(self.device))
