"""Writes ``docs/augmentations.md`` and its pictures from the registry: ``python docs/make_augmentations.py``.

Every registered augmentation and recipe with its settings, and how it changes a real sample: scikit-learn's photograph,
a window of the ``watch`` set, a spoken word.
"""

from __future__ import annotations

import inspect
import re
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from sslkit.assembly.strength import at_strength
from sslkit.errors import Problem
from sslkit.plugins import load_registry
from sslkit.registry import REQUIRED, Entry, Registry
from sslkit.types import Augmentation, ComponentSpec, Recipe, SampleSpec

if TYPE_CHECKING:
    from torch import Tensor

FOLDER = Path(__file__).parent
MODALITIES = {"image": "Images", "sensor": "Sensor time series", "audio": "Audio"}
DRAWS = 4
Needed = dict[str, dict[str, object]]
HEAD = """# Augmentations and recipes

Written by `python docs/make_augmentations.py` from the registry; do not edit. `sslkit show augmentation NAME` prints
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
    """The whole document."""
    parts = [HEAD]
    entries = registry.entries("augmentation")
    for modality, title in MODALITIES.items():
        own = [entry for entry in entries if modality in _modalities(entry)]
        parts.append(
            f"## {title}\n\n{_index(own)}\n\n![{title}: each augmentation drawn](augmentations/{modality}.jpg)\n"
        )
        parts += [_section(entry) for entry in own]
    parts.append("## For every kind of sample\n")
    parts += [_section(entry) for entry in entries if not _modalities(entry)]
    parts.append("## Recipes\n")
    parts += [_section(entry) for entry in registry.entries("recipe")]
    return "\n".join(parts)


def _modalities(entry: Entry) -> tuple[str, ...]:
    component = entry.component
    assert issubclass(component, Augmentation | Recipe)
    return component.modalities


def _index(entries: list[Entry]) -> str:
    return " · ".join(f"[{entry.name}](#{entry.name})" for entry in entries)


def _section(entry: Entry) -> str:
    """Heading, docstring without its list of settings, and a table of settings."""
    described, _, rest = (inspect.getdoc(entry.component) or "").partition("\nArgs:\n")
    meanings = dict(re.findall(r"^    (\w+): (.*(?:\n {8,}.*)*)", rest.split("\n\n")[0], re.MULTILINE))
    source = re.search(r"^Source: .*(?:\n(?!\n).*)*", rest or described, re.MULTILINE)
    lines = [f"### {entry.name}\n", described.split("\nSource: ")[0].split("\nRaises:")[0].strip(), ""]
    moved = getattr(entry.component, "neutral", None) or {}
    rows = [
        f"| `{name}`{' ◆' if name in moved else ''} | {_cell(setting.type_name())} | {_default(setting.default)} "
        f"| {_cell(meanings.get(name, ''))} |"
        for name, setting in entry.settings.items()
        if name not in entry.component.common or (name == "p" and setting.default != 1.0)
    ]
    if rows:
        lines += ["| setting | type | default | |", "| --- | --- | --- | --- |", *rows, ""]
    if source:
        lines += [" ".join(source.group().split()), ""]
    return "\n".join(lines)


def _default(value: object) -> str:
    return "needed" if value is REQUIRED else f"`{_cell(str(value))}`"


def _cell(words: str) -> str:
    return " ".join(words.split()).replace("|", "\\|")


def samples() -> dict[str, tuple[SampleSpec, Tensor]]:
    """One real sample of each modality, and its spec."""
    import numpy as np
    import torch
    from sklearn.datasets import load_sample_image

    registry, _ = load_registry()
    picture = torch.from_numpy(np.ascontiguousarray(load_sample_image("flower.jpg")[150:342:2, 230:422:2]))
    found = {"image": (SampleSpec("image", (3, 96, 96)), picture.permute(2, 0, 1)[None] / 255)}
    for modality, name, place in (("sensor", "watch", 40), ("audio", "spoken_words", 700)):
        dataset = registry.build(ComponentSpec("data", name)).load()
        spec = (
            replace(dataset.spec, rate_hz=500.0) if modality == "sensor" else dataset.spec
        )  # mains hum fits
        found[modality] = (spec, dataset.spec.decode(dataset.train.x[np.array([place, place + 1])]))
    return found


def settings_needed(folder: Path) -> Needed:
    """What has no default, by augmentation: files of a machine's hum and of a room, as a user's own would be."""
    import numpy as np
    import soundfile

    random, time = np.random.default_rng(0), np.arange(16_000) / 16_000
    hum = sum(np.sin(2 * np.pi * 120 * k * time) / k for k in (1, 2, 3, 8, 16)) + 0.3 * random.normal(
        size=16_000
    )
    room = 0.05 * random.normal(size=8_000) * np.exp(-12 * time[:8_000])
    room[0] = 1.0  # the direct sound
    for name, sound in (("hum", hum), ("room", room)):
        (folder / name).mkdir()
        soundfile.write(folder / name / f"{name}.wav", 0.9 * sound / np.abs(sound).max(), 16_000)
    return {
        "background-noise": {"folder": str(folder / "hum")},
        "impulse-response": {"folder": str(folder / "room")},
        "on-channels": {"groups": [[0, 1, 2]], "augmentations": [{"name": "scaling", "sigma": 0.5}]},
    }


def _spec(registry: Registry, name: str, needed: Needed) -> ComponentSpec:
    problems: list[Problem] = []
    spec = registry.check("augmentation", {"name": name, **needed.get(name, {})}, name, problems)
    assert spec is not None, problems
    return spec


def draw(registry: Registry, modality: str, spec: SampleSpec, x: Tensor, needed: Needed, path: Path) -> None:
    """A row for each augmentation: the sample, and several draws of the augmentation at its defaults."""
    import matplotlib.pyplot as plt
    import torch

    drawer = registry.build(ComponentSpec("modality", modality))
    defaults = drawer.defaults
    frontend = registry.build(ComponentSpec("frontend", defaults["frontend"]), spec=spec)
    frontend.fit([x])
    entries = [entry for entry in registry.entries("augmentation") if modality in _modalities(entry)]
    entries = [
        entry
        for entry in entries
        if all(
            s.default is not REQUIRED or s.name in needed.get(entry.name, {}) for s in entry.settings.values()
        )
    ]
    wide = 1.6 if modality == "image" else 2.6
    figure, axes = plt.subplots(
        len(entries), DRAWS + 1, figsize=(wide * (DRAWS + 1) + 1.6, 1.6 * len(entries)), squeeze=False
    )
    for row, entry in zip(axes, entries, strict=True):
        augmentation = registry.build(at_strength(registry, _spec(registry, entry.name, needed), 1.0))
        augmentation.p = 1.0
        features = augmentation.stage == "features"
        shown_spec, original = (frontend.out_spec, frontend(x)) if features else (spec, x)
        augmentation.check(shown_spec)
        generator = torch.Generator().manual_seed(1)
        augmentation(original.flip(0), generator)  # fills a memory of past samples, where there is one
        views = augmentation(original[:1].repeat(DRAWS, *[1] * (original.ndim - 1)), generator)
        if modality == "audio" and not features:  # a spectrogram tells more than a waveform
            shown_spec, original, views = frontend.out_spec, frontend(original), frontend(views)
        for column, (cell, sample) in enumerate(zip(row, [original[0], *views], strict=True)):
            drawer.draw(cell, sample, shown_spec)
            _plain(cell)
            if modality == "sensor":
                cell.set_ylim(row[0].get_ylim())
            elif modality == "audio":
                cell.images[0].set_clim(row[0].images[0].get_clim())
            if column == 0:
                cell.annotate(
                    entry.name, (-0.06, 0.5), xycoords="axes fraction", ha="right", va="center", fontsize=10
                )
    axes[0, 0].set_title("original", fontsize=10)
    axes[0, 1].set_title("draws", fontsize=10, loc="left")
    figure.tight_layout(pad=0.4)
    figure.savefig(path, dpi=70, pil_kwargs={"quality": 85})
    plt.close(figure)


def _plain(axes: object) -> None:
    """Without ticks, labels and legend: shapes are what is to be seen."""
    axes.set(xticks=[], yticks=[], xlabel="", ylabel="")  # type: ignore[attr-defined]
    if legend := axes.get_legend():  # type: ignore[attr-defined]
        legend.remove()


def main() -> None:
    import matplotlib

    matplotlib.use("Agg")
    registry, _ = load_registry()
    (FOLDER / "augmentations.md").write_text(text(registry), encoding="utf-8")
    with TemporaryDirectory() as folder:
        needed = settings_needed(Path(folder))
        for modality, (spec, x) in samples().items():
            draw(registry, modality, spec, x, needed, FOLDER / "augmentations" / f"{modality}.jpg")


if __name__ == "__main__":
    main()
