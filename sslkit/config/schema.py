"""A JSON schema of configs, made from the registry: editors complete and check with it."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from sslkit.config import COMPONENT_LISTS, COMPONENTS, OVERRIDABLE, SECTIONS
from sslkit.registry import REQUIRED, Entry, Registry, Setting
from sslkit.types import Recipe


def config_schema(registry: Registry) -> dict[str, Any]:
    """JSON schema (draft 2020-12) of a config file, components of loaded plugins included."""
    kinds = {entry.kind for entry in registry.entries()}
    definitions = {kind: _kind(registry, kind) for kind in sorted(kinds)}
    properties = _properties()
    overrides = {field: _reference(COMPONENTS[field][0]) for field in OVERRIDABLE}
    properties["overrides"] = {
        "type": "object",
        "additionalProperties": {"type": "object", "properties": overrides, "additionalProperties": False},
    }
    properties["grid"] = {
        "type": ["object", "null"],
        "additionalProperties": {"type": "array", "minItems": 1},
    }
    properties["tuning"] = _tuning()
    member = {"type": "object", "properties": properties, "additionalProperties": False}
    top = {
        **properties,
        "extends": {"type": "string"},
        "workers": {"type": ["integer", "null"], "minimum": 1},
        "suite": {
            "type": "object",
            "additionalProperties": {"anyOf": [{"type": "string"}, {"$ref": "#/$defs/member"}]},
        },
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "sslkit config",
        "type": "object",
        "properties": top,
        "additionalProperties": False,
        "$defs": {**definitions, "member": member},
    }


def _tuning() -> dict[str, Any]:
    number = {"type": "number"}
    span = {
        "type": "object",
        "properties": {"low": number, "high": number, "log": {"type": "boolean"}},
        "required": ["low", "high"],
        "additionalProperties": False,
    }
    settings = {
        "type": "object",
        "minProperties": 1,
        "additionalProperties": {"anyOf": [span, {"type": "array", "minItems": 1}]},
    }
    properties = {
        "trials": {"type": "integer", "minimum": 1},
        "seed": {"type": "integer", "minimum": 0},
        "ranges": {"type": "object", "minProperties": 1, "additionalProperties": settings},
    }
    return {
        "type": ["object", "null"],
        "properties": properties,
        "required": ["ranges"],
        "additionalProperties": False,
    }


def _properties() -> dict[str, Any]:
    properties: dict[str, Any] = {
        "name": {"type": "string"},
        "seeds": {"type": "array", "items": {"type": "integer", "minimum": 0}, "minItems": 1},
    }
    for field, (kind, _) in COMPONENTS.items():
        properties[field] = {"anyOf": [_reference(kind), {"type": "null"}]}
    for field, (kind, _) in COMPONENT_LISTS.items():
        properties[field] = {"type": "array", "items": _reference(kind)}
    pipeline = {"type": "array", "items": _reference("augmentation")}
    per_view = {
        "type": "object",
        "properties": {"strength": {"type": "number", "minimum": 0}, "all_views": pipeline},
        "patternProperties": {"^view_": pipeline},
        "additionalProperties": False,
    }
    changes = {
        "type": "object",
        "properties": {name: TypeAdapter(kind).json_schema() for name, kind in Recipe.common.items()},
        "additionalProperties": False,
    }
    properties["views"] = {"anyOf": [_reference("recipe"), pipeline, per_view, changes, {"type": "null"}]}
    for field, section in SECTIONS.items():
        properties[field] = TypeAdapter(section).json_schema()
    return properties


def _reference(kind: str) -> dict[str, str]:
    return {"$ref": f"#/$defs/{kind}"}


def _kind(registry: Registry, kind: str) -> dict[str, Any]:
    entries = registry.entries(kind)
    plain = [
        entry.name for entry in entries if all(s.default is not REQUIRED for s in entry.settings.values())
    ]
    options: list[dict[str, Any]] = [{"enum": plain}] if plain else []
    return {"anyOf": options + [_entry(entry) for entry in entries]}


def _entry(entry: Entry) -> dict[str, Any]:
    settings = entry.settings.values()
    return {
        "type": "object",
        "description": entry.summary,
        "properties": {"name": {"const": entry.name}, **{s.name: _setting(s) for s in settings}},
        "required": ["name", *(s.name for s in settings if s.default is REQUIRED)],
        "additionalProperties": False,
    }


def _setting(setting: Setting) -> dict[str, Any]:
    if setting.nested is None:
        return setting.adapter.json_schema()
    one = _reference(setting.nested)
    return {"type": "array", "items": one} if setting.many else one
