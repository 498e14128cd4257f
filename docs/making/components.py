"""``docs/reference/components.md``: every registered component with its settings."""

from __future__ import annotations

from collections.abc import Mapping

from making.markdown import described, plain, table, value_words
from sslkit import types
from sslkit.registry import KINDS, Entry, Registry, Setting

HEAD = """# Components

Written by `python docs/make_reference.py` from the registry; do not edit. `sslkit list` and `sslkit show KIND NAME`
print the same in a terminal, those of your plugins included. A config takes a component's name, or
`{name: …, setting: …}`.
"""
ELSEWHERE = ("augmentation", "recipe")  # have a page of their own, with pictures
COMMON = {"label": "Its name in tables and results; needed where a config has several of one name."}
BASES = {  # of two bases of one kind the simpler, which `sslkit.types` names first
    base.kind: base
    for base in reversed(list(vars(types).values()))
    if isinstance(base, type) and issubclass(base, types.Component) and "kind" in vars(base)
}


def text(registry: Registry) -> str:
    """The page."""
    rows = [(f"[`{kind}`](#{kind})", _links(registry, kind, few=kind in ELSEWHERE)) for kind in KINDS]
    parts = [HEAD, table(("kind", "names"), rows), ""]
    for kind in KINDS:
        base = BASES[kind]
        words = described(base).text.split("\n\n")[0]
        written = f"Base class [`{base.__name__}`](api/sslkit.types.md#{base.__name__.lower()})."
        parts += [f"## {kind}\n", f"{words}\n{written}", ""]
        if kind in ELSEWHERE:
            parts += [_links(registry, kind), ""]
            continue
        if base.common:
            common = {name: Setting(name, given, getattr(base, name)) for name, given in base.common.items()}
            parts += ["All take:\n", _settings(common, COMMON, registry), ""]
        for entry in registry.entries(kind):
            parts.append(_section(entry, registry))
    return "\n".join(parts).rstrip() + "\n"


def _links(registry: Registry, kind: str, few: bool = False) -> str:
    page = "../augmentations.md" if kind in ELSEWHERE else ""
    if few:
        return f"{len(registry.names(kind))}, [with pictures]({page})"
    return " · ".join(f"[`{name}`]({page}#{anchor(kind, name)})" for name in registry.names(kind))


def anchor(kind: str, name: str) -> str:
    """Of a component's heading; names are free of what an anchor would lose, and some stand under two kinds."""
    return name if kind in ELSEWHERE else f"{kind}-{name}"


def _section(entry: Entry, registry: Registry) -> str:
    words = described(entry.component)
    own = {name: setting for name, setting in entry.settings.items() if name not in entry.component.common}
    path = f"{entry.component.__module__}.{entry.component.__name__}"
    parts = [f"### {entry.kind} {entry.name}\n", words.text, f"\nClass `{path}`.", ""]
    if issubclass(entry.component, types.Modality):
        found = [
            f"{key} `{value_words(value).strip('`')}`" for key, value in entry.component.defaults.items()
        ]
        parts += [f"Defaults: {', '.join(found)}.", ""]
    if own:
        parts += [_settings(own, words.meanings, registry), ""]
    return "\n".join([*parts, words.source, ""] if words.source else parts)


def _settings(settings: Mapping[str, Setting], meanings: Mapping[str, str], registry: Registry) -> str:
    rows = [
        (
            f"`{name}`",
            plain(setting.type_name()),
            value_words(setting.default, registry),
            meanings.get(name, ""),
        )
        for name, setting in settings.items()
    ]
    return table(("setting", "type", "default", ""), rows)
