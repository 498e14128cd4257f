"""Leave-one-out and one-alone over a config's augmentations: a study of its own, run like any other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from sslkit.assembly import Prepared, PreparedCache, prepare
from sslkit.comparison.compare import compare
from sslkit.config import Experiment, Study, Variant, ViewsConfig, as_folder_name
from sslkit.errors import SSLKitError
from sslkit.plugins import load_registry
from sslkit.registry import Registry
from sslkit.types import Augmentation, ComponentSpec


def ablate(
    study: Study,
    folder: Path,
    plugin_paths: tuple[str, ...] = (),
    workers: int | None = None,
    quiet: bool = False,
    pool: str = "local",
) -> Path:
    """Train with all augmentations, without each, and with each alone; returns the report's path.

    Raises:
        SSLKitError: what ``compare`` raises; a config with a grid, or without any augmentation.
    """
    return compare(
        ablation(study, load_registry(plugin_paths)[0]), folder, plugin_paths, workers, quiet, pool=pool
    )


def ablation(study: Study, registry: Registry) -> Study:
    """The study whose members are ``all``, ``without NAME`` … and ``only NAME`` …, in a suite for each data set.

    Recipes are written out for the data. Every member has the config's objectives and seeds; baselines are left out,
    for the question is what an augmentation adds. An augmentation that several views use is one, and so is a composite.
    """
    cache, experiments = PreparedCache(), list[Experiment]()
    for experiment in study.experiments:
        if experiment.tuning is not None:
            raise SSLKitError(
                f"{study.name}: tuning would give every variant settings of its own; ablate takes a config without it. "
                "Add tuning=null, and set what was chosen."
            )
        if experiment.variant is not None:
            raise SSLKitError(
                f"{study.name}: its grid gives it several points; ablate takes a config without a grid. "
                "Add grid=null, and choose a point by overrides."
            )
        prepared = prepare(experiment, registry, cache=cache)
        experiments += _members(prepared, f"{experiment.name}, " if len(study.experiments) > 1 else "")
    return replace(study, name=f"{study.name}-ablation", experiments=tuple(experiments))


def _members(prepared: Prepared, prefix: str) -> Iterator[Experiment]:
    experiment, pipelines = prepared.experiment, prepared.pipeline_specs()
    names = [
        name_of(spec) for pipeline in pipelines for spec in pipeline if not _stays(spec, prepared.registry)
    ]
    if not names:
        raise SSLKitError(f"{experiment.name}: its views have no augmentation that could be left out.")
    variants = [("all", "")]
    variants += [(change, name) for change in ("without", "only") for name in dict.fromkeys(names)]
    for change, name in variants:
        kept = [
            tuple(spec for spec in pipeline if _is_kept(spec, change, name, prepared.registry))
            for pipeline in pipelines
        ]
        yield replace(
            experiment,
            name=as_folder_name(prefix + f"{change} {name}".strip()),
            views=ViewsConfig(pipelines=tuple(kept)),
            baselines=(),
            variant=Variant(experiment.name, "ablation", {"change": change, "augmentation": name}),
        )


def _is_kept(spec: ComponentSpec, change: str, name: str, registry: Registry) -> bool:
    if change == "all" or _stays(spec, registry):
        return True
    return (name_of(spec) == name) == (change == "only")


def name_of(spec: ComponentSpec) -> str:
    """An augmentation's name; a composite's with those of its members: ``one-of jitter+scaling``."""
    members = [item for value in spec.settings.values() if isinstance(value, list) for item in value]
    inner = [name_of(item) for item in members if isinstance(item, ComponentSpec)]
    return f"{spec.name} {'+'.join(inner)}" if inner else spec.name


def _stays(spec: ComponentSpec, registry: Registry) -> bool:
    """A normalisation is no augmentation: without it the others would mean something else."""
    entry = registry.entry("augmentation", spec.name)
    component: type[Augmentation] = entry.component  # type: ignore[assignment]
    composite = any(setting.nested == "augmentation" for setting in entry.settings.values())
    return component.neutral is None and not composite
