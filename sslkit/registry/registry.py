"""Components by kind and name. Specs are checked against constructors' signatures, and built from them."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from sslkit.errors import Problem, SSLKitError, did_you_mean
from sslkit.registry.settings import REQUIRED, Setting, runtime_facts, settings_of
from sslkit.registry.values import check_plain
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


@dataclass(frozen=True)
class Entry:
    """A registered component and where it came from (``sslkit`` or a plugin's name)."""

    kind: str
    name: str
    component: type[Component]
    source: str

    @cached_property
    def settings(self) -> dict[str, Setting]:
        """Settings by name, the kind's common ones last."""
        return settings_of(self.component)

    @cached_property
    def summary(self) -> str:
        """The docstring's first paragraph on one line."""
        return " ".join((inspect.getdoc(self.component) or "").split("\n\n")[0].split())


class Registry:
    """Components by kind and name."""

    def __init__(self) -> None:
        self._entries: dict[tuple[str, str], Entry] = {}
        self.failures: dict[str, str] = {}  # plugins that failed to load → reason
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
        if key in self:
            raise SSLKitError(
                f"{where}: the {component.kind} '{name}' is already registered by {self._entries[key].source}."
            )
        entry = Entry(component.kind, name, component, self.source)
        if not entry.summary:
            raise SSLKitError(f"{where} has no docstring: say in a line what it does.")
        _ = entry.settings  # a signature that cannot be read is found here, not in a user's run
        self.put(entry)

    def put(self, entry: Entry) -> None:
        """Take a checked entry, in place of one of that kind and name."""
        self._entries[entry.kind, entry.name] = entry

    def __contains__(self, key: object) -> bool:
        """Whether there is a component of that ``(kind, name)``."""
        return key in self._entries

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

    def check(self, kind: str, value: object, path: str, problems: list[Problem]) -> ComponentSpec | None:
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
        if not isinstance(name, str) or (kind, name) not in self:
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

    def _check_value(self, setting: Setting, value: object, path: str, problems: list[Problem]) -> object:
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
        facts = {name: runtime[name] for name in runtime_facts(entry.component) if name in runtime}
        instance = entry.component(**arguments, **facts)
        for name, value in common.items():
            setattr(instance, name, value)
        return instance

    def _argument(self, setting: Setting, value: Any, runtime: Mapping[str, object]) -> object:
        if setting.nested is None or value is None:
            return value
        if setting.many:
            return [self.build(item, **runtime) for item in value]
        return partial(self.build, value) if setting.lazy else self.build(value, **runtime)
