"""A config's views → the augmentations of each pipeline: a recipe expanded and changed, the strength applied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sslkit.assembly.strength import scale_pipeline
from sslkit.config import ViewsConfig
from sslkit.errors import ConfigError, Problem, did_you_mean
from sslkit.registry import Registry
from sslkit.types import ComponentSpec, Recipe, SampleSpec

Pipelines = list[list[ComponentSpec]]


def pipeline_specs(registry: Registry, views: ViewsConfig, spec: SampleSpec) -> Pipelines:
    """One pipeline for all views, or one a view, for samples like ``spec``.

    Raises:
        ConfigError: a recipe's part that is changed but not there, settings that an augmentation does not take.
    """
    problems: list[Problem] = []
    if views.pipelines is not None:
        pipelines, strength = [list(pipeline) for pipeline in views.pipelines], views.strength
    else:
        assert views.recipe is not None
        recipe: Recipe = registry.build(views.recipe)
        plain = changed_pipelines([list(pipeline) for pipeline in recipe.pipelines(spec)], recipe, problems)
        where = f"recipe '{views.recipe.name}'"
        checked = [
            [registry.check("augmentation", item, where, problems) for item in pipeline] for pipeline in plain
        ]
        pipelines = [[item for item in pipeline if item is not None] for pipeline in checked]
        strength = recipe.strength
    if problems:
        raise ConfigError(problems, "views")
    return [scale_pipeline(registry, pipeline, strength) for pipeline in pipelines]


def changed_pipelines(
    pipelines: list[list[dict[str, Any]]], recipe: Recipe, problems: list[Problem]
) -> Sequence[Sequence[Any]]:
    """A recipe's plain pipelines with its ``change`` and ``add`` done, in every view that they touch."""
    present = list(dict.fromkeys(item["name"] for pipeline in pipelines for item in pipeline))
    for name, settings in recipe.change.items():
        if name not in present:
            problems.append(
                Problem(
                    f"views.change.{name}", "the recipe has no such augmentation", did_you_mean(name, present)
                )
            )
        pipelines = [_change(pipeline, name, settings) for pipeline in pipelines]
    return [[*pipeline, *recipe.add] for pipeline in pipelines]


def _change(
    pipeline: list[dict[str, Any]], name: str, settings: Mapping[str, Any] | None
) -> list[dict[str, Any]]:
    if settings is None:
        return [item for item in pipeline if item["name"] != name]
    return [{**item, **settings} if item["name"] == name else item for item in pipeline]
