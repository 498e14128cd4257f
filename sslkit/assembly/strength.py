"""One number that makes a pipeline milder or stronger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sslkit.registry import Registry
from sslkit.types import Augmentation, ComponentSpec

EXCLUSIVE_MARGIN = 0.01  # of the way from a bound that may not be reached to the configured value


def scale_pipeline(
    registry: Registry, pipeline: Sequence[ComponentSpec], strength: float
) -> list[ComponentSpec]:
    """The pipeline at another strength: 0 changes nothing, 1 is as configured, 2 twice as much."""
    scaled = [at_strength(registry, spec, strength) for spec in pipeline]
    return [spec for spec in scaled if spec is not None]


def at_strength(registry: Registry, spec: ComponentSpec, strength: float) -> ComponentSpec | None:
    """One augmentation at another strength; None where it would change nothing (strength 0).

    Every augmentation says in ``neutral`` (or ``at_strength``) which of its settings this moves, and from where.
    Values stay within the settings' bounds. Members of a composite are scaled one by one, its own ``p`` stays.
    """
    entry = registry.entry("augmentation", spec.name)
    component: type[Augmentation] = entry.component  # type: ignore[assignment]
    settings = dict(spec.settings)
    members = {name: value for name, value in settings.items() if _holds_components(value)}
    if members:
        for name, value in members.items():
            settings[name] = scale_pipeline(registry, value, strength)
        return ComponentSpec(spec.kind, spec.name, settings) if all(map(settings.get, members)) else None
    if component.neutral is None or strength == 1.0:
        return spec
    if strength == 0.0:
        return None
    complete = {name: settings.get(name, setting.default) for name, setting in entry.settings.items()}
    for name, value in component.at_strength(complete, strength).items():
        schema = entry.settings[name].adapter.json_schema()
        settings[name] = _within(value, complete[name], schema)
    return ComponentSpec(spec.kind, spec.name, settings)


def _holds_components(value: object) -> bool:
    return isinstance(value, list) and any(isinstance(item, ComponentSpec) for item in value)


def _within(value: Any, configured: Any, schema: Mapping[str, Any]) -> Any:
    """``value`` moved into the bounds of a setting's JSON schema; ``configured`` lies within them."""
    if isinstance(value, list | tuple):
        items = schema.get("prefixItems") or [schema.get("items", {})] * len(value)
        return type(value)(map(_within, value, configured, items))
    if value is None or not isinstance(value, int | float):
        return value
    for option in schema.get("anyOf", [schema]):  # the number of "a number or null"
        schema = option if option.get("type") in ("number", "integer") else schema
    low, high = schema.get("minimum", -float("inf")), schema.get("maximum", float("inf"))
    if "exclusiveMinimum" in schema:
        bound = schema["exclusiveMinimum"]
        low = max(low, bound + EXCLUSIVE_MARGIN * (configured - bound))
    if "exclusiveMaximum" in schema:
        bound = schema["exclusiveMaximum"]
        high = min(high, bound + EXCLUSIVE_MARGIN * (configured - bound))
    return type(value)(min(max(value, low), high))
