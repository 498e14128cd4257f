"""``docs/reference/commands.md``: every command of ``sslkit`` with its arguments."""

from __future__ import annotations

import argparse

from making.markdown import table

HEAD = """# Commands

Written by `python docs/make_reference.py` from the command line's own parser; do not edit. `sslkit COMMAND --help`
prints the same.

`CONFIG` is a YAML file or the name of a config that sslkit carries (`sslkit list config`); `RUN` is the folder of
one run, e.g. `runs/quickstart/images/byol-seed0`. Overrides `a.b=c` replace a file's settings. What you can mend ends
in one message and exit status 2; Ctrl-C saves and ends with 130; a comparison that is started again goes on where it
stopped.
"""
EXPLAINED = ("config", "overrides")  # above, for all commands


def text(parser: argparse.ArgumentParser) -> str:
    """The page."""
    found = commands(parser)
    lines = {
        choice.dest: choice.help or ""
        for action in parser._actions
        if isinstance(action, argparse._SubParsersAction)
        for choice in action._choices_actions
    }
    common = [
        action for action in next(iter(found.values()))._actions if action.option_strings == ["--plugin-path"]
    ]
    parts = [
        HEAD,
        table(
            ("command", "does"),
            ((f"[`sslkit {name}`](#sslkit-{name})", line) for name, line in lines.items()),
        ),
        "\nAll take:\n",
        table(("option", "does"), ((_form(action), action.help) for action in common)),
        "",
    ]
    for name, command in found.items():
        own = [
            action
            for action in command._actions
            if action not in common and not isinstance(action, argparse._HelpAction)
        ]
        usage = " ".join([f"sslkit {name}", *(_in_usage(action) for action in own)])
        parts += [f"## sslkit {name}\n", f"`{usage}`\n", f"{_sentence(lines[name])}\n"]
        rows = [(_form(action), _words(action)) for action in own if action.dest not in EXPLAINED]
        if rows:
            parts += [table(("argument", "is"), rows), ""]
    return "\n".join(parts).rstrip() + "\n"


def commands(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """Name → parser, of each command."""
    return {
        name: command
        for action in parser._actions
        if isinstance(action, argparse._SubParsersAction)
        for name, command in action.choices.items()
    }


def options(parser: argparse.ArgumentParser) -> set[str]:
    """All options of all commands, as they are written."""
    return {
        option
        for command in commands(parser).values()
        for action in command._actions
        for option in action.option_strings
    }


def _metavar(action: argparse.Action) -> str:
    if action.choices:
        return "|".join(map(str, action.choices))
    return str(action.metavar or action.dest.upper())


def _form(action: argparse.Action) -> str:
    """As a table shows it: all its spellings."""
    spellings = [f"`{option} {_metavar(action)}`" for option in action.option_strings]
    return ", ".join(spellings) or f"`{_metavar(action)}`"


def _in_usage(action: argparse.Action) -> str:
    word = f"{action.option_strings[0]} {_metavar(action)}" if action.option_strings else _metavar(action)
    needed = not action.option_strings and action.nargs not in ("?", "*")
    return word if needed else f"[{word} …]" if action.nargs == "*" else f"[{word}]"


def _words(action: argparse.Action) -> str:
    default = (
        f" (default {action.default})" if action.default and "default" not in (action.help or "") else ""
    )
    return f"{action.help or ''}{default if action.option_strings else ''}".strip()


def _sentence(line: str) -> str:
    return f"{line[:1].upper()}{line[1:]}."
