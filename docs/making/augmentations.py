"""``docs/augmentations.md``: every registered augmentation and recipe with its settings."""

from __future__ import annotations

from making.markdown import described, table, value_words
from sslkit.registry import Entry, Registry
from sslkit.types import Augmentation, Recipe

COMMON = {"p": "the probability per sample."}
MODALITIES = {"image": "Images", "sensor": "Sensor time series", "audio": "Audio"}
HEAD = """# Augmentations and recipes

Written by `python docs/make_reference.py` from the registry; do not edit. `sslkit show augmentation NAME` prints
the same in a terminal, and `sslkit preview CONFIG` shows what each does to your own data.

All work on batches on the device and draw fresh parameters for every sample from an explicit generator. All take `p`,
the probability per sample. `views.strength` moves the settings marked ◆ from where they change nothing (0) over the
value given (1) and beyond, within their bounds; where none is marked it scales `p`.

A config takes a recipe, changes a part of one, or lists its own pipelines:

```yaml
views: byol
```

```yaml
views:
  name: byol
  strength: 0.8                                  # of all of it
  change: {gaussian-blur: {sigma: [0.1, 1.0]}, solarize: null}   # null leaves one out
  add: [{name: sensor-noise, p: 0.5}]            # at the end of every view
```

```yaml
views:
  strength: 0.5
  all_views: [{name: random-resized-crop, flip: 0.5}, {name: color-jitter, p: 0.8}]   # or view_1: […], view_2: […]
```
"""


def text(registry: Registry) -> str:
    """The whole page."""
    parts = [HEAD]
    entries = registry.entries("augmentation")
    for modality, title in MODALITIES.items():
        own = [entry for entry in entries if modality in modalities(entry)]
        parts.append(
            f"## {title}\n\n{_index(own)}\n\n![{title}: each augmentation drawn](augmentations/{modality}.jpg)\n"
        )
        parts += [_section(entry) for entry in own]
    parts.append("## For every kind of sample\n")
    parts += [_section(entry) for entry in entries if not modalities(entry)]
    parts.append("## Recipes\n")
    parts += [_section(entry) for entry in registry.entries("recipe")]
    return "\n".join(parts)


def modalities(entry: Entry) -> tuple[str, ...]:
    """Kinds of samples that an augmentation or recipe takes."""
    component = entry.component
    assert issubclass(component, Augmentation | Recipe)
    return component.modalities


def _index(entries: list[Entry]) -> str:
    return " · ".join(f"[{entry.name}](#{entry.name})" for entry in entries)


def _section(entry: Entry) -> str:
    """Heading, docstring without its list of settings, and a table of settings."""
    words = described(entry.component)
    moved = getattr(entry.component, "neutral", None) or {}
    rows = [
        (
            f"`{name}`{' ◆' if name in moved else ''}",
            setting.type_name(),
            value_words(setting.default),
            words.meanings.get(name) or COMMON.get(name, ""),
        )
        for name, setting in entry.settings.items()
        if name not in entry.component.common or (name == "p" and setting.default != 1.0)
    ]
    parts = [f"### {entry.name}\n", words.text, ""]
    parts += [table(("setting", "type", "default", ""), rows), ""] if rows else []
    return "\n".join([*parts, words.source, ""] if words.source else parts)
