"""A JSON schema of configs, made from the registry: editors complete and check with it."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from sslkit.config import COMPONENT_LISTS, COMPONENTS, OVERRIDABLE, SECTIONS
from sslkit.config.tuning import SearchRange, TuningBudget
from sslkit.registry import REQUIRED, Entry, Registry, Setting
from sslkit.types import Recipe

MEANINGS = {  # of the keys of a file; sections and components describe their settings themselves
    "name": "Of the study; its results go to `runs/NAME`. Default: the file's name.",
    "seeds": "Every method runs once under each; default `[0, 1, 2]`. Intervals need two and more.",
    "data": "Where samples and labels come from. The one key that has no default.",
    "frontend": "What makes features of raw samples, fitted on the training part. Default: the modality's.",
    "backbone": "The network that is pre-trained. Default: the modality's.",
    "optimizer": "Of pre-training; default `adamw`.",
    "schedule": "Of the learning rate; default `warmup-cosine`.",
    "views": "How views are made: a recipe, or augmentations. Default: the modality's recipe.",
    "objectives": "The methods that are compared; default `[byol, simclr]`. The same one twice needs a `label`.",
    "evaluators": "What judges a frozen encoder; default `[linear, knn]`.",
    "baselines": "What a method has to beat; default `[random, handcrafted, supervised]`.",
    "overrides": "Objective (its label) → the optimizer or schedule that it has instead of the common one.",
    "budget": "How long each method trains; the same for all.",
    "splits": "How parts are cut.",
    "training": "How the trainer runs.",
    "evaluation": "Label budgets and the figure that counts.",
    "guards": "What becomes of leaks between the parts.",
    "tuning": "The same number of trials for every method that it names, before the comparison.",
    "grid": "Path of a setting → a list of values: the study is made at every combination.",
    "suite": "Name → a config, or a file's path: several data sets in one study.",
    "extends": "Path of another config file, or a carried config's name; this one is merged over it.",
    "workers": "Processes; default by the machine.",
}


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
    for key, meaning in MEANINGS.items():
        top[key] = {**top[key], "description": meaning}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "sslkit config",
        "type": "object",
        "properties": top,
        "additionalProperties": False,
        "$defs": {**definitions, "member": member},
    }


def _tuning() -> dict[str, Any]:
    schema = TypeAdapter(TuningBudget).json_schema()
    settings = {
        "type": "object",
        "minProperties": 1,
        "additionalProperties": {
            "anyOf": [TypeAdapter(SearchRange).json_schema(), {"type": "array", "minItems": 1}]
        },
    }
    ranges = {"type": "object", "minProperties": 1, "additionalProperties": settings}
    schema["properties"] = {**schema["properties"], "ranges": ranges}
    return {**schema, "type": ["object", "null"], "required": ["ranges"]}


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
