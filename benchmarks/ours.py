"""sslkit's entrants: every registered augmentation alone, every recipe, the log-mel front end."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch
from inputs import sample_spec, sound_folder, stored_samples
from measuring import Call, Makers
from torch import Tensor

from sslkit.assembly.pipelines import pipeline_specs
from sslkit.augment.views import Pipeline, Views
from sslkit.config import ViewsConfig
from sslkit.errors import ConfigError, Problem
from sslkit.plugins import load_registry
from sslkit.registry import Registry
from sslkit.training.device import keep_freed_memory
from sslkit.types import Augmentation, ComponentSpec, FrontEnd, Recipe, SampleSpec

N_VIEWS = 2
FRONT_ENDS = {"image": "standardise", "sensor": "standardise", "audio": "log-mel"}
JITTERED = ("simclr", "simclr-small", "byol")  # recipes with a choice of colour jitter


def entrants(group: str, batch_size: int, window_length: int) -> Makers:
    """Contests of one modality: recipes (two views of each sample) first, then each augmentation at p = 1."""
    keep_freed_memory()  # as in training
    room = _Room(group, batch_size, window_length)
    makers: dict[str, dict[str, Callable[[], Call]]] = {}
    for entry in room.registry.entries("recipe"):
        component: type[Recipe] = entry.component  # type: ignore[assignment]
        if component.modalities and room.spec.modality not in component.modalities:
            continue
        jitters = ("exact", "matrix") if entry.name in JITTERED else ("",)
        makers[f"recipe {entry.name}"] = {
            f"{jitter} jitter" if jitter else "": partial(room.recipe, entry.name, jitter)
            for jitter in jitters
        }
    if group == "audio":
        makers["front end log-mel"] = {"": room.front_end}
    for entry in room.registry.entries("augmentation"):
        kind: type[Augmentation] = entry.component  # type: ignore[assignment]
        if kind.modalities and room.spec.modality in kind.modalities:
            makers[entry.name] = {"": partial(room.augmentation, entry.name)}
    return makers


class _Room:
    """A batch of one modality, and what changes it."""

    def __init__(self, group: str, batch_size: int, window_length: int) -> None:
        self.registry: Registry = load_registry()[0]
        self.spec: SampleSpec = sample_spec(group, window_length)
        self.raw = torch.from_numpy(stored_samples(group, batch_size, window_length))
        self.decoded = self.spec.decode(self.raw)
        self.frontend: FrontEnd = self._build("frontend", FRONT_ENDS[self.spec.modality], spec=self.spec)
        self.frontend.fit([self.decoded])
        self.frontend.requires_grad_(False)
        self.features = self.frontend(self.decoded)

    def recipe(self, name: str, jitter: str) -> Call:
        """Views as training makes them."""
        settings: dict[str, object] = {"name": name, "jitter": jitter} if jitter else {"name": name}
        recipe = self._check("recipe", settings)
        specs = pipeline_specs(self.registry, ViewsConfig(recipe=recipe), self.spec)
        pipelines = []
        for pipeline in specs:
            augmentations = [self.registry.build(spec) for spec in pipeline]
            for augmentation in augmentations:
                augmentation.check(self._spec_at(augmentation))
            pipelines.append(Pipeline(augmentations))
        views = Views(pipelines, N_VIEWS, self.spec, self.frontend)
        batch = self.raw
        if not views.need_raw and self.spec.modality == "audio":  # training computes the log-mel once, then
            views, batch = views.on_features(), self.features
        steps = iter(range(10**9))
        return Call(lambda: views(batch, next(steps)), N_VIEWS * len(batch))

    def augmentation(self, name: str) -> Call:
        """At p = 1: every sample is changed."""
        settings = {"name": name, "p": 1.0, **self._needed(name)}
        augmentation: Augmentation = self.registry.build(self._check("augmentation", settings))
        augmentation.check(self._spec_at(augmentation))
        x: Tensor = self.decoded if augmentation.stage == "raw" else self.features
        generator = torch.Generator().manual_seed(0)
        return Call(lambda: augmentation(x, generator), len(x))

    def front_end(self) -> Call:
        return Call(lambda: self.frontend(self.decoded), len(self.decoded))

    def _needed(self, name: str) -> dict[str, object]:
        """Settings that have no default."""
        if name in ("background-noise", "impulse-response"):
            return {"folder": str(sound_folder())}
        if name == "on-channels":
            return {"groups": [[0, 1, 2]], "augmentations": ["scaling"]}
        return {}

    def _spec_at(self, augmentation: Augmentation) -> SampleSpec:
        return self.spec if augmentation.stage == "raw" else self.frontend.out_spec

    def _build(self, kind: str, name: str, **runtime: object) -> FrontEnd:
        built: FrontEnd = self.registry.build(self._check(kind, {"name": name}), **runtime)
        return built

    def _check(self, kind: str, settings: dict[str, object]) -> ComponentSpec:
        problems: list[Problem] = []
        spec = self.registry.check(kind, settings, kind, problems)
        if spec is None or problems:
            raise ConfigError(problems, "benchmark")
        return spec
