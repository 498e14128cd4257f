"""Pieces of the generated pages: tables, docstrings, settings."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sslkit.registry import REQUIRED, Registry

HEADING = re.compile(r"^(Args|Attributes|Returns|Raises|Yields):[ ]*(.*)$")


@dataclass(frozen=True)
class Described:
    """A docstring in parts: text, setting → meaning, and the source that it names."""

    text: str
    meanings: Mapping[str, str]
    source: str


def described(component: Any) -> Described:
    """The parts of a component's docstring."""
    text, _, rest = (inspect.getdoc(component) or "").partition("\nArgs:\n")
    meanings = dict(re.findall(r"^    (\w+): (.*(?:\n {8,}.*)*)", rest.split("\n\n")[0], re.MULTILINE))
    source = re.search(r"^Source: .*(?:\n(?!\n).*)*", rest or text, re.MULTILINE)
    text = re.split(r"\n(?:Source: |Raises:|Attributes:|Returns:)", text)[0].strip()
    return Described(
        plain(text),
        {name: plain(" ".join(words.split())) for name, words in meanings.items()},
        plain(" ".join(source.group().split())) if source else "",
    )


def plain(text: str) -> str:
    """Double backticks, as docstrings have them, as Markdown has them."""
    return re.sub(r"``(.+?)``", r"`\1`", text, flags=re.DOTALL)


def cell(words: object) -> str:
    """Words in one line of a table."""
    return " ".join(str(words).split()).replace("|", "\\|")


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table; nothing where it has no rows."""
    lines = [f"| {' | '.join(map(cell, row))} |".replace("|  |", "| |") for row in rows]
    return "\n".join([f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}", *lines]) if lines else ""


def value_words(value: object, registry: Registry | None = None) -> str:
    """A default as a config would say it; a component's class by its name in the registry."""
    if value is REQUIRED:
        return "needed"
    if isinstance(value, partial):
        settings = ", ".join(f"{key}: {given}" for key, given in value.keywords.items())
        return f"`{{name: {_name(value.func, registry)}, {settings}}}`"
    if isinstance(value, tuple | list):
        return f"`[{', '.join(map(str, value))}]`"
    if value is None or isinstance(value, bool):
        return f"`{'none' if value is None else str(value).lower()}`"
    return f"`{_name(value, registry) if isinstance(value, type) else value}`"


def _name(component: Any, registry: Registry | None) -> str:
    entries = registry.entries() if registry else []
    return next((entry.name for entry in entries if entry.component is component), component.__name__)


def docstring(documented: Any) -> str:
    """A docstring as Markdown: its sections of arguments and errors become lists, its examples code."""
    lines, found, section = (inspect.getdoc(documented) or "").splitlines(), [], ""
    for line in lines:
        heading = HEADING.match(line)
        if heading:
            section = heading[1]
            found += ["", f"**{section}** {heading[2]}".rstrip(), ""]
        elif section and line.startswith("    "):
            item = re.match(r"^    (\S[^:]*): (.*)$", line) if section != "Returns" else None
            if item:
                found.append(f"- `{item[1]}`: {item[2]}")
            elif found[-1].startswith("- "):
                found[-1] += f" {line.strip()}"
            else:
                found.append(line.strip())
        else:
            section = "" if line else section
            found.append(line)
    return tidy(_examples(plain("\n".join(found))))


def tidy(text: str) -> str:
    """One empty line between paragraphs."""
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _examples(text: str) -> str:
    """Doctest examples between fences."""
    return re.sub(r"(?m)^(>>> .*(?:\n(?!\n).*)*)", r"```pycon\n\1\n```", text)
