"""``docs/reference/api``: a page for each public module, of signatures and docstrings."""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Callable
from dataclasses import is_dataclass
from types import ModuleType
from typing import Any, get_origin

from making.markdown import docstring, table
from sslkit.registry import Setting

PUBLIC = {  # module → who imports it; all others below `sslkit` are its own affair and may change in any version
    "sslkit": "everybody: one call for each command, and the base classes of components",
    "sslkit.types": "plugins: base classes, their contracts, and types of settings",
    "sslkit.testing": "tests of plugins: the contract of augmentations",
    "sslkit.data.samples": "data sources: samples in arrays, files and overlapping windows",
    "sslkit.running.evaluate": "baselines: from features to rows of the results",
    "sslkit.assembly": "baselines: the data, parts and networks that `run` is given",
    "sslkit.deploy.encoder": "programs that use an encoder: what `load_encoder` returns",
    "sslkit.statistics": "own analyses of `results.csv`: seeds, paired differences, ranks",
    "sslkit.comparison.reproduce": "programs that repeat a comparison: what `reproduce` returns",
    "sslkit.report": "programs that write a report again",
    "sslkit.config": "programs that read configs: from YAML to frozen experiments",
    "sslkit.registry": "programs that list, check or build components",
    "sslkit.plugins": "programs that load plugins",
    "sslkit.hookspecs": "plugins: the hook by which components enter",
    "sslkit.errors": "programs that catch what a user can mend",
}
HEAD = """# Reference

Written by `python docs/make_reference.py` from the code; do not edit.

- [Components](components.md) with their settings; augmentations and recipes [with pictures](../augmentations.md)
- [Commands](commands.md)
- [Settings of a config](configs.md)

From Python, these modules and the classes of [components](components.md) are public; all else below `sslkit` may change
in any version.

"""


def pages() -> dict[str, str]:
    """Path → text, of the index and of every module's page."""
    rows = [(f"[`{name}`](api/{name}.md)", f"for {reader}") for name, reader in PUBLIC.items()]
    index = {"README.md": HEAD + table(("module", ""), rows) + "\n"}
    return index | {f"api/{name}.md": text(importlib.import_module(name)) for name in PUBLIC}


def public_names(module: ModuleType) -> list[str]:
    """``__all__``, or what the module defines itself without an underscore."""
    own = [
        name
        for name, value in vars(module).items()
        if not name.startswith("_") and getattr(value, "__module__", None) == module.__name__
    ]
    return sorted(getattr(module, "__all__", own), key=str.lower)


def text(module: ModuleType) -> str:
    """A module's page."""
    parts = [f"# `{module.__name__}`\n", docstring(module), ""]
    elsewhere, constants, sections = [], [], []
    for name in public_names(module):
        value = getattr(module, name)
        home = _home(name, value, module)
        if home:
            anchor = "" if _is_type(value) else f"#{name.lower()}"  # types of settings stand in a table
            elsewhere.append(f"[`{name}`]({home}.md{anchor})")
        elif inspect.isclass(value) and _is_ours(value):
            sections += _class(name, value)
        elif inspect.isroutine(value) and _is_ours(value):
            sections += [f"## {name}\n", _code(name, value), docstring(value), ""]
        else:
            constants.append((f"`{name}`", f"`{_constant(value)}`"))
    if elsewhere:
        parts += ["Also here: " + " · ".join(elsewhere), ""]
    if constants:
        parts += [table(("name", "is"), constants), ""]
    return "\n".join(parts + sections).rstrip() + "\n"


def _home(name: str, value: Any, module: ModuleType) -> str | None:
    """The other public module whose page has it: the one that shares the longest path with where it is defined."""
    defined = getattr(value, "__module__", "") or ""
    homes = [other for other in PUBLIC if other != "sslkit" and f"{defined}.".startswith(f"{other}.")]
    if module.__name__ == "sslkit" and not homes:  # aliases know no module of theirs
        homes = [
            other
            for other in PUBLIC
            if other != "sslkit" and name in public_names(importlib.import_module(other)) and _is_type(value)
        ]
    return homes[0] if homes and homes[0] != module.__name__ else None


def _class(name: str, value: type) -> list[str]:
    bases = [base.__name__ for base in value.__bases__ if base is not object]
    signed = "__init__" in vars(value) or is_dataclass(value)
    shown = _code(name, value) if signed else f"```python\nclass {name}({', '.join(bases)})\n```\n"
    parts = [f"## {name}\n", shown, docstring(value), ""]
    for method, member in vars(value).items():
        function = member.__func__ if isinstance(member, classmethod | staticmethod) else member
        if method.startswith("_") or not inspect.getdoc(function):
            continue
        if isinstance(function, property) or hasattr(function, "attrname"):
            parts += [f"**`{method}`**: {docstring(function)}", ""]
        elif inspect.isfunction(function):
            parts += [f"**`{method}{signature(function)}`**\n", docstring(function), ""]
    return parts


def _code(name: str, value: Callable[..., Any]) -> str:
    """A signature between fences, on lines of its own where it is long."""
    words = signature(value)
    if len(name + words) > 100:
        words = signature(value, "\n    ")
    return f"```python\n{name}{words}\n```\n"


def signature(value: Callable[..., Any], between: str = "") -> str:
    """``(x: Tensor, p: float = 0.5) -> Tensor``, the same in every version of Python."""
    signed = inspect.signature(value)
    words = []
    for name, parameter in signed.parameters.items():
        if name in ("self", "cls") or name.startswith("_"):
            continue
        stars = {parameter.VAR_POSITIONAL: "*", parameter.VAR_KEYWORD: "**"}.get(parameter.kind, "")
        typed = "" if parameter.annotation is signed.empty else f": {_annotation(parameter.annotation)}"
        given = "" if parameter.default is signed.empty else f" = {_value(parameter.default)}"
        words.append(f"{stars}{name}{typed}{given if typed else given.replace(' ', '')}")
    result = signed.return_annotation
    arrow = "" if inspect.isclass(value) or result is signed.empty else f" -> {_annotation(result)}"
    inner = (
        f"{between}{f',{between or chr(32)}'.join(words)}{',' + chr(10) if between else ''}" if words else ""
    )
    return f"({inner}){arrow}"


def _annotation(annotation: Any) -> str:
    return annotation.strip("'\"") if isinstance(annotation, str) else inspect.formatannotation(annotation)


def _value(value: Any) -> str:
    if inspect.isclass(value):
        return value.__name__
    words = repr(value)
    return "…" if words.startswith("<") else words  # a dataclass's factory, a function without a name


def _is_type(value: Any) -> bool:
    return get_origin(value) is not None


def _is_ours(value: Any) -> bool:
    return str(value.__module__).startswith("sslkit")


def _constant(value: Any) -> str:
    if get_origin(value) is Callable:
        return str(value).replace("collections.abc.", "").replace("~", "")
    if get_origin(value) is not None:  # a type of settings
        return Setting("", value).type_name()
    if isinstance(value, str | int | float | tuple | list | dict):
        return re.sub(r"<class '(?:\w+\.)*(\w+)'>", r"\1", repr(value))
    kind = value if inspect.isclass(value) else type(value)
    package = kind.__module__.partition(".")[0]  # where in it is its own affair, and changes
    return f"{package}.{kind.__qualname__}"
