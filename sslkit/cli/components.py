"""Commands that say what there is to choose from: list, show, plugins, schema."""

from __future__ import annotations

import argparse
from functools import partial

from sslkit.cli.commands import Commands
from sslkit.cli.console import make_console
from sslkit.errors import SSLKitError, did_you_mean

CONFIG = "config"  # what is listed and shown beside the kinds of component


def add_commands(commands: Commands) -> None:
    """Add them to a parser."""
    parser = commands.add("list", list_components, "components and carried configs, all or of one kind")
    parser.add_argument("kind", nargs="?", help="a kind of component, or config")
    parser = commands.add("show", show, "a component's description and settings, or a carried config's text")
    parser.add_argument("kind", help="a kind of component, or config")
    parser.add_argument("name", help="of the component or config")
    commands.add("plugins", plugins, "plugins that were found, and what became of them")
    commands.add("schema", schema, "a JSON schema of configs, for editors")


def list_components(options: argparse.Namespace) -> None:
    """Print kinds, names and a line on each."""
    from rich.markup import escape
    from rich.table import Table

    from sslkit.config.carried import carried_configs, summary_of
    from sslkit.plugins import load_registry
    from sslkit.registry import KINDS

    if options.kind is not None:
        _check_kind(options.kind)
    registry, _ = load_registry(tuple(options.plugin_path))
    table = Table("kind", "name", "what it is", box=None, pad_edge=False)
    for kind in [options.kind] if options.kind else KINDS:
        for entry in registry.entries(kind):
            origin = "" if entry.source == "sslkit" else f" [plugin {entry.source}]"
            table.add_row(kind, entry.name, escape(entry.summary + origin))
    if options.kind in (None, CONFIG):
        for name, path in carried_configs().items():
            table.add_row(CONFIG, name, escape(summary_of(path)))
    make_console().print(table)


def show(options: argparse.Namespace) -> None:
    """Print a component's docstring and settings, or a config as it is, to be saved and changed."""
    import inspect

    from rich.markup import escape
    from rich.table import Table

    from sslkit.config.carried import read_carried
    from sslkit.plugins import load_registry
    from sslkit.registry import REQUIRED

    _check_kind(options.kind)
    if options.kind == CONFIG:
        print(read_carried(options.name), end="")
        return
    registry, _ = load_registry(tuple(options.plugin_path))
    entry = registry.entry(options.kind, options.name)
    console = make_console()
    console.print(
        f"[bold]{entry.kind} {entry.name}[/]  ({entry.component.__name__}, from {escape(entry.source)})\n"
    )
    print(inspect.getdoc(entry.component) or "")
    table = Table("setting", "type", "default", box=None, pad_edge=False)
    for setting in entry.settings.values():
        default = "needed" if setting.default is REQUIRED else _default_words(setting.default)
        table.add_row(setting.name, escape(setting.type_name()), escape(default))
    console.print("\n[bold]settings[/]")
    console.print(table if entry.settings else "none")


def _check_kind(kind: str) -> None:
    from sslkit.registry import KINDS

    known = (*KINDS, CONFIG)
    if kind not in known:
        raise SSLKitError(f"there is no kind '{kind}'. {did_you_mean(kind, known)}")


def _default_words(default: object) -> str:
    if isinstance(default, partial):  # of a head
        inner = ", ".join(f"{key}={value}" for key, value in default.keywords.items())
        return f"{default.func.__name__}({inner})"
    return default.__name__ if isinstance(default, type) else repr(default)


def plugins(options: argparse.Namespace) -> None:
    """Print each plugin with its state."""
    from rich.markup import escape
    from rich.table import Table

    from sslkit.plugins import load_registry

    _, found = load_registry(tuple(options.plugin_path))
    if not found:
        print("no plugins: none is installed, and no --plugin-path or SSLKIT_PLUGIN_PATH is given.")
        return
    table = Table("name", "version", "source", "components", "status", box=None, pad_edge=False)
    for one in found:
        cells = (one.name, one.version, one.source, ", ".join(one.components), one.status)
        table.add_row(*map(escape, cells))
    make_console().print(table)


def schema(options: argparse.Namespace) -> None:
    """Print the schema."""
    import json

    from sslkit.config.schema import config_schema
    from sslkit.plugins import load_registry

    print(json.dumps(config_schema(load_registry(tuple(options.plugin_path))[0]), indent=2))
