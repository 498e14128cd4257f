"""Finds, loads and lists built-ins and plugins, each behind its own guard."""

from __future__ import annotations

import hashlib
import importlib
import importlib.metadata
import importlib.util
import os
import pkgutil
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType

import pluggy

from sslkit import hookspecs
from sslkit.errors import SSLKitError
from sslkit.foreign import given_path
from sslkit.registry import Entry, Registry

GROUP = "sslkit"
PATH_VARIABLE = "SSLKIT_PLUGIN_PATH"
BUILTIN_FOLDERS = (
    "data",
    "modalities",
    "augment",
    "frontends",
    "backbones",
    "heads",
    "objectives",
    "optim",
    "evaluation",
    "finetuning",
    "baselines",
)


@dataclass(frozen=True)
class Plugin:
    """What is known of a plugin: ``status`` is ``loaded`` or the reason why it was dropped."""

    name: str
    version: str
    source: str
    components: tuple[str, ...]
    status: str


@dataclass(frozen=True)
class _Candidate:
    name: str
    version: str
    source: str
    load: Callable[[], object]


@cache
def load_registry(paths: tuple[str, ...] = ()) -> tuple[Registry, tuple[Plugin, ...]]:
    """Built-ins and all plugins. A broken plugin is dropped with its reason and never takes the program down.

    Args:
        paths: plugin files, or folders of them, besides those in ``SSLKIT_PLUGIN_PATH``.
    """
    registry = Registry()
    for module in builtin_modules():
        _register(module, registry)
    candidates = [*_installed(), *_local(paths)]
    staged = [(candidate, *_stage(candidate, registry)) for candidate in candidates]
    return registry, tuple(_commit(staged, registry))


def builtin_modules() -> Iterable[ModuleType]:
    """The program's own modules that register components, by their names."""
    for folder in BUILTIN_FOLDERS:
        package = importlib.import_module(f"sslkit.{folder}")
        for found in sorted(
            pkgutil.walk_packages(package.__path__, package.__name__ + "."), key=lambda m: m.name
        ):
            module = importlib.import_module(found.name)
            if hasattr(module, "sslkit_register"):
                yield module


def _register(plugin: object, registry: Registry) -> None:
    manager = pluggy.PluginManager("sslkit")
    manager.add_hookspecs(hookspecs)
    manager.register(plugin)
    manager.check_pending()
    manager.hook.sslkit_register(registry=registry)


def _stage(candidate: _Candidate, registry: Registry) -> tuple[list[Entry], str]:
    """Load one plugin into a registry of its own: its entries, and the reason why it failed if it did."""
    staging = Registry()
    staging.source = candidate.name
    try:
        plugin = candidate.load()
        if not hasattr(plugin, "sslkit_register"):
            raise SSLKitError("it has no function sslkit_register(registry) marked @sslkit.hookimpl")
        _register(plugin, staging)
        if not staging.entries():
            raise SSLKitError("it registers nothing; is sslkit_register marked @sslkit.hookimpl?")
        for entry in staging.entries():
            if (entry.kind, entry.name) in registry:
                raise SSLKitError(f"{entry.kind} '{entry.name}' is a built-in's name; choose another")
    except (Exception, SystemExit) as error:
        return [], f"{type(error).__name__}: {error}" if not isinstance(error, SSLKitError) else str(error)
    return staging.entries(), ""


def _commit(staged: Sequence[tuple[_Candidate, list[Entry], str]], registry: Registry) -> Iterable[Plugin]:
    claims: dict[tuple[str, str], list[str]] = {}
    for candidate, entries, _ in staged:
        for entry in entries:
            claims.setdefault((entry.kind, entry.name), []).append(candidate.name)
    registry.poisoned = {key: tuple(names) for key, names in claims.items() if len(names) > 1}
    for candidate, entries, reason in staged:
        if reason:
            registry.failures[candidate.name] = reason
        good = [entry for entry in entries if (entry.kind, entry.name) not in registry.poisoned]
        for entry in good:
            registry.put(entry)
        lost = [f"{e.kind} '{e.name}' is claimed by another plugin too" for e in entries if e not in good]
        components = tuple(f"{entry.kind} {entry.name}" for entry in good)
        yield Plugin(
            candidate.name,
            candidate.version,
            candidate.source,
            components,
            reason or "; ".join(lost) or "loaded",
        )


def _installed() -> Iterable[_Candidate]:
    for point in sorted(importlib.metadata.entry_points(group=GROUP), key=lambda p: p.name):
        version = point.dist.version if point.dist else "unknown"
        source = f"package {point.dist.name}" if point.dist else point.value
        yield _Candidate(point.name, version, source, point.load)


def _local(paths: Sequence[str]) -> Iterable[_Candidate]:
    given = [*paths, *filter(None, os.environ.get(PATH_VARIABLE, "").split(os.pathsep))]
    seen: set[Path] = set()
    for text in given:
        path = given_path(text).resolve()
        if not path.exists():
            raise SSLKitError(f"plugin path {text}: there is no such file or folder.")
        files = sorted(path.glob("*.py")) if path.is_dir() else [path]
        for file in files:
            if file not in seen and not file.name.startswith("_"):
                seen.add(file)
                yield _Candidate(file.stem, "local file", str(file), lambda file=file: _import_file(file))  # type: ignore[misc]


def _import_file(file: Path) -> ModuleType:
    """Import a file under a name of its own, so that its classes pickle while it is on the plugin path."""
    name = f"sslkit_plugin_{file.stem}_{hashlib.sha256(str(file).encode()).hexdigest()[:8]}"
    specification = importlib.util.spec_from_file_location(name, file)
    if specification is None or specification.loader is None:
        raise SSLKitError(f"{file} is not a Python file")
    module = importlib.util.module_from_spec(specification)
    sys.modules[name] = module
    try:
        specification.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module
