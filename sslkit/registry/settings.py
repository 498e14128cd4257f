"""A component's settings, read from its constructor's signature."""

from __future__ import annotations

import collections.abc
import inspect
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic import TypeAdapter

from sslkit.errors import SSLKitError
from sslkit.types import Component

REQUIRED = inspect.Parameter.empty
TYPE_WORDS = {"number": "float", "integer": "int", "string": "str", "boolean": "bool", "null": "none"}
BOUND_SIGNS = {"minimum": "≥", "exclusiveMinimum": ">", "maximum": "≤", "exclusiveMaximum": "<"}


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
        """Pydantic's reader of such a value."""
        return TypeAdapter(self.annotation)

    def type_name(self) -> str:
        """The type as a reader would write it."""
        if self.nested:
            return f"list of {self.nested}" if self.many else self.nested
        return _in_words(self.adapter.json_schema())


def settings_of(component: type[Component]) -> dict[str, Setting]:
    """Settings by name: the constructor's parameters without run-time facts, and the kind's common ones.

    Raises:
        SSLKitError: a parameter without a type, or ``*args`` and ``**kwargs``.
    """
    found = {
        name: _setting(name, annotation, default)
        for name, (annotation, default) in _parameters(component).items()
        if name not in component.runtime
    }
    for name, annotation in component.common.items():
        found[name] = Setting(name, annotation, getattr(component, name, REQUIRED))
    return found


def runtime_facts(component: type[Component]) -> set[str]:
    """The run-time facts that the constructor has parameters for."""
    return set(_parameters(component)) & component.runtime


def _parameters(component: type[Component]) -> dict[str, tuple[Any, Any]]:
    """Name → (annotation, default) of the constructor; a missing annotation is an error."""
    if component.__init__ is object.__init__ or _inherits_plain_init(component):
        return {}
    try:
        hints = typing.get_type_hints(component.__init__, include_extras=True)
    except NameError as error:
        raise SSLKitError(
            f"{component.__name__}.__init__: an annotation cannot be resolved: {error}."
        ) from error
    found = {}
    for name, parameter in list(inspect.signature(component.__init__).parameters.items())[1:]:
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            raise SSLKitError(
                f"{component.__name__}.__init__: name its parameters; *args and **kwargs hide settings."
            )
        if name not in hints and name not in component.runtime:
            raise SSLKitError(f"{component.__name__}.__init__: parameter '{name}' needs a type annotation.")
        found[name] = (hints.get(name, Any), parameter.default)
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


def _is_component(annotation: object) -> bool:
    return inspect.isclass(annotation) and issubclass(annotation, Component) and annotation is not Component


def _in_words(schema: Mapping[str, Any]) -> str:
    """A JSON schema's type."""
    if "enum" in schema or "const" in schema:
        return " | ".join(repr(value) for value in schema.get("enum", [schema.get("const")]))
    if "anyOf" in schema:
        return " | ".join(_in_words(option) for option in schema["anyOf"])
    kind = schema.get("type", "any")
    name = TYPE_WORDS.get(kind, kind)
    if name == "array":
        items = schema.get("items") or (schema.get("prefixItems") or [{}])[0]
        name = f"list of {_in_words(items)}"
    # whether a bound of 0 comes as 0 or as 0.0 is for pydantic's version to say
    bounds = [f"{sign} {schema[key]:.12g}" for key, sign in BOUND_SIGNS.items() if key in schema]
    return f"{name} ({', '.join(bounds)})" if bounds else name
