"""(kind, name) → component. Specs are checked against constructors' signatures, and built from them."""

from __future__ import annotations

import collections.abc
import inspect
import json
import math
import typing
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from pydantic import TypeAdapter, ValidationError

from sslkit import types
from sslkit.errors import Problem, SSLKitError, did_you_mean
from sslkit.types import Component, ComponentSpec

KINDS = (
    "data",
    "modality",
    "recipe",
    "augmentation",
    "frontend",
    "backbone",
    "head",
    "objective",
    "optimizer",
    "schedule",
    "evaluator",
    "baseline",
)
REQUIRED = inspect.Parameter.empty


@dataclass(frozen=True)
class Setting:
    """One parameter of a constructor that a config may set.

    ``nested`` is the kind of component it holds, if any; ``many`` a list of them; ``lazy`` its constructor
    (``Factory[Head]``) instead of an instance.
    """

    name: str
    annotation: Any
    default: Any = REQUIRED
    nested: str | None = None
    many: bool = False
    lazy: bool = False

    @cached_property
    def adapter(self) -> TypeAdapter[Any]:
        return TypeAdapter(self.annotation)

    def type_name(self) -> str:
        """The type as a reader would write it."""
        if self.nested:
            return f"list of {self.nested}" if self.many else self.nested
        schema = self.adapter.json_schema()
        return _describe(schema)


@dataclass(frozen=True)
class Entry:
    """A registered component and where it came from (``sslkit`` or a plugin's name)."""

    kind: str
    name: str
    component: type[Component]
    source: str

    @cached_property
    def settings(self) -> dict[str, Setting]:
        """Settings by name: the constructor's parameters without run-time facts, and the kind's common ones."""
        component = self.component
        found = {
            name: _setting(name, annotation, default)
            for name, annotation, default in _parameters(component)
            if name not in component.runtime
        }
        for name, annotation in component.common.items():
            found[name] = Setting(name, annotation, getattr(component, name, REQUIRED))
        return found

    @cached_property
    def summary(self) -> str:
        """The docstring's first paragraph on one line."""
        return " ".join((inspect.getdoc(self.component) or "").split("\n\n")[0].split())


class Registry:
    """Components by kind and name."""

    def __init__(self) -> None:
        self._entries: dict[tuple[str, str], Entry] = {}
        self.failures: dict[
            str, str
        ] = {}  # what a plugin that failed would perhaps have brought: plugin → reason
        self.poisoned: dict[tuple[str, str], tuple[str, ...]] = {}  # names that two plugins claim
        self.source = "sslkit"

    def add(self, name: str, component: type[Component]) -> None:
        """Register a component class under its kind's name.

        Raises:
            SSLKitError: not a component class, no docstring, a parameter without annotation, or a name that is taken.
        """
        where = f"{self.source}: {getattr(component, '__name__', component)!s} as '{name}'"
        if not (
            inspect.isclass(component) and issubclass(component, Component) and hasattr(component, "kind")
        ):
            raise SSLKitError(
                f"{where} is not a component: derive it from one of sslkit's base classes (Augmentation, "
                "Objective, Backbone, …) and pass the class, not an instance."
            )
        if not name or name != name.strip().lower() or any(letter.isspace() for letter in name):
            raise SSLKitError(f"{where}: a name is lower-case and has no spaces, e.g. 'time-warp'.")
        key = (component.kind, name)
        if key in self._entries:
            raise SSLKitError(
                f"{where}: the {component.kind} '{name}' is already registered by {self._entries[key].source}."
            )
        entry = Entry(component.kind, name, component, self.source)
        if not entry.summary:
            raise SSLKitError(f"{where} has no docstring: say in a line what it does.")
        _ = entry.settings  # a signature that cannot be read is found here, not in a user's run
        self._entries[key] = entry

    def entries(self, kind: str | None = None) -> list[Entry]:
        """Registered components, by kind and name."""
        return [entry for key, entry in sorted(self._entries.items()) if kind in (None, key[0])]

    def names(self, kind: str) -> list[str]:
        return [entry.name for entry in self.entries(kind)]

    def entry(self, kind: str, name: str) -> Entry:
        """The component of that name.

        Raises:
            SSLKitError: unknown; the message has the nearest name and what failed plugins said.
        """
        found = self._entries.get((kind, name))
        if found is None:
            raise SSLKitError(self._unknown(kind, name))
        return found

    def _unknown(self, kind: str, name: object) -> str:
        claims = self.poisoned.get((kind, str(name)))
        if claims:
            return (
                f"{kind} '{name}' is claimed by {' and '.join(claims)}, so neither is used. "
                "Remove one of them or ask its author to rename it."
            )
        message = f"there is no {kind} '{name}'. {did_you_mean(name, self.names(kind))}"
        if self.failures:
            said = "; ".join(f"{plugin}: {reason}" for plugin, reason in self.failures.items())
            message += f" (Plugins that failed to load: {said})"
        return message

    def check(self, kind: str, value: Any, path: str, problems: list[Problem]) -> ComponentSpec | None:
        """A plain ``name`` or ``{name: …, setting: …}`` → a checked spec; problems are appended, not raised."""
        if isinstance(value, ComponentSpec):
            return value
        if isinstance(value, str):
            value = {"name": value}
        if not isinstance(value, Mapping) or "name" not in value:
            problems.append(
                Problem(path, f"expected a name or {{name: …, setting: …}} of a {kind}, found {value!r:.80}")
            )
            return None
        name = value["name"]
        if not isinstance(name, str) or (kind, name) not in self._entries:
            reason, _, advice = self._unknown(kind, name).partition(". ")
            problems.append(Problem(path, reason.rstrip("."), advice))
            return None
        entry = self._entries[kind, name]
        before = len(problems)
        settings = self._check_settings(
            entry, {k: v for k, v in value.items() if k != "name"}, path, problems
        )
        return ComponentSpec(kind, name, settings) if len(problems) == before else None

    def _check_settings(
        self, entry: Entry, given: Mapping[Any, Any], path: str, problems: list[Problem]
    ) -> dict[str, Any]:
        checked: dict[str, Any] = {}
        for name, value in given.items():
            setting = entry.settings.get(name)
            if setting is not None:
                checked[name] = self._check_value(setting, value, f"{path}.{name}", problems)
            elif name in entry.component.runtime:
                problems.append(
                    Problem(f"{path}.{name}", "is found out by the program and cannot be set", "Remove it.")
                )
            else:
                advice = did_you_mean(name, entry.settings)
                problems.append(
                    Problem(f"{path}.{name}", f"{entry.kind} '{entry.name}' has no such setting", advice)
                )
        for name, setting in entry.settings.items():
            if setting.default is REQUIRED and name not in given:
                problems.append(
                    Problem(f"{path}.{name}", f"{entry.kind} '{entry.name}' needs it ({setting.type_name()})")
                )
        return checked

    def _check_value(self, setting: Setting, value: Any, path: str, problems: list[Problem]) -> Any:
        if setting.nested is None:
            return check_plain(setting.adapter, value, path, problems)
        if not setting.many:
            return self.check(setting.nested, value, path, problems)
        if not isinstance(value, list | tuple) or not value:
            problems.append(Problem(path, f"expected a list of {setting.nested}, found {value!r:.80}"))
            return None
        return [self.check(setting.nested, item, f"{path}[{i}]", problems) for i, item in enumerate(value)]

    def entries_of(self, spec: ComponentSpec) -> list[Entry]:
        """The spec's component and those nested in its settings."""
        found = [self.entry(spec.kind, spec.name)]
        for value in spec.settings.values():
            for item in value if isinstance(value, list) else [value]:
                found += self.entries_of(item) if isinstance(item, ComponentSpec) else []
        return found

    def build(self, spec: ComponentSpec, /, **runtime: Any) -> Any:
        """An instance of the spec's component; of ``runtime``, each constructor gets what it has parameters for."""
        entry = self.entry(spec.kind, spec.name)
        settings = dict(spec.settings)
        common = {name: settings.pop(name) for name in entry.component.common if name in settings}
        arguments = {
            name: self._argument(entry.settings[name], value, runtime) for name, value in settings.items()
        }
        wanted = {name for name, _, _ in _parameters(entry.component)} & entry.component.runtime
        instance = entry.component(**arguments, **{name: runtime[name] for name in wanted if name in runtime})
        for name, value in common.items():
            setattr(instance, name, value)
        return instance

    def _argument(self, setting: Setting, value: Any, runtime: Mapping[str, Any]) -> Any:
        if setting.nested is None or value is None:
            return value
        if setting.many:
            return [self.build(item, **runtime) for item in value]
        return partial(self.build, value) if setting.lazy else self.build(value, **runtime)


def check_plain(adapter: TypeAdapter[Any], value: Any, path: str, problems: list[Problem]) -> Any:
    """Check a plain value strictly (no "3" for 3, no 1.5 for an int, no NaN or Inf); lists do for tuples."""
    try:
        return adapter.validate_json(json.dumps(value, allow_nan=False), strict=True)
    except ValidationError as error:
        for one in error.errors():
            where = path + _place(one["loc"], value)
            reason = "is not UTF-8 text" if one["type"] == "json_invalid" else _lower(one["msg"])
            problems.append(Problem(where, f"{reason}, found {one['input']!r:.80}"))
    except (TypeError, ValueError):
        for where, item in _strange(value, path):
            problems.append(Problem(where, f"expected a plain, finite value, found {item!r:.80}"))
    return None


def _strange(value: Any, path: str) -> Iterable[tuple[str, Any]]:
    """Places and values of what is no JSON: NaN, Inf, objects."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _strange(item, f"{path}.{key}")
    elif isinstance(value, list | tuple):
        for number, item in enumerate(value):
            yield from _strange(item, f"{path}[{number}]")
    elif not isinstance(value, str | int | None) and not (isinstance(value, float) and math.isfinite(value)):
        yield path, value


def _place(steps: Iterable[str | int], value: Any) -> str:
    """``[2].name``: the steps that lead into ``value``, without those that tell options of a union apart."""
    place = ""
    for step in steps:
        if isinstance(value, list | tuple) and isinstance(step, int):
            place, value = f"{place}[{step}]", value[step] if step < len(value) else None
        elif isinstance(value, Mapping):
            place, value = f"{place}.{step}", value.get(step)
    return place


def _lower(message: str) -> str:
    return message[:1].lower() + message[1:].rstrip(".")


def _parameters(component: type[Component]) -> Iterable[tuple[str, Any, Any]]:
    """(name, annotation, default) of the constructor; a missing annotation is an error."""
    if component.__init__ is object.__init__ or _inherits_plain_init(component):
        return []
    try:
        hints = typing.get_type_hints(component.__init__, include_extras=True)
    except NameError as error:
        raise SSLKitError(
            f"{component.__name__}.__init__: an annotation cannot be resolved: {error}."
        ) from error
    found = []
    for name, parameter in list(inspect.signature(component.__init__).parameters.items())[1:]:
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            raise SSLKitError(
                f"{component.__name__}.__init__: name its parameters; *args and **kwargs hide settings."
            )
        if name not in hints and name not in component.runtime:
            raise SSLKitError(f"{component.__name__}.__init__: parameter '{name}' needs a type annotation.")
        found.append((name, hints.get(name, Any), parameter.default))
    return found


def _inherits_plain_init(component: type[Component]) -> bool:
    """True where no class of the component's own defines a constructor (``nn.Module``'s takes no settings)."""
    owner = next(cls for cls in component.__mro__ if "__init__" in vars(cls))
    return owner.__module__.startswith("torch.")


def _setting(name: str, annotation: Any, default: Any) -> Setting:
    bare = _without_none(annotation)
    origin, arguments = typing.get_origin(bare), typing.get_args(bare)
    if _is_component(bare):
        return Setting(name, annotation, default, nested=bare.kind)
    if origin is collections.abc.Callable and _is_component(arguments[-1]):
        return Setting(name, annotation, default, nested=arguments[-1].kind, lazy=True)
    if origin in (list, tuple, collections.abc.Sequence) and arguments and _is_component(arguments[0]):
        return Setting(name, annotation, default, nested=arguments[0].kind, many=True)
    return Setting(name, annotation, default)


def _without_none(annotation: Any) -> Any:
    arguments = [a for a in typing.get_args(annotation) if a is not type(None)]
    optional = type(None) in typing.get_args(annotation)
    return arguments[0] if optional and len(arguments) == 1 else annotation


def _is_component(annotation: Any) -> bool:
    return (
        inspect.isclass(annotation)
        and issubclass(annotation, Component)
        and annotation is not types.Component
    )


def _describe(schema: Mapping[str, Any]) -> str:
    """A JSON schema's type in words."""
    if "enum" in schema or "const" in schema:
        return " | ".join(repr(value) for value in schema.get("enum", [schema.get("const")]))
    if "anyOf" in schema:
        return " | ".join(_describe(option) for option in schema["anyOf"])
    name = {"number": "float", "integer": "int", "string": "str", "boolean": "bool", "null": "none"}.get(
        schema.get("type", "any"), schema.get("type", "any")
    )
    if name == "array":
        items = schema.get("items") or (schema.get("prefixItems") or [{}])[0]
        name = f"list of {_describe(items)}"
    signs = {"minimum": "≥", "exclusiveMinimum": ">", "maximum": "≤", "exclusiveMaximum": "<"}
    bounds = [f"{sign} {schema[key]}" for key, sign in signs.items() if key in schema]
    return f"{name} ({', '.join(bounds)})" if bounds else name
