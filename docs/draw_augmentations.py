"""Draws ``docs/augmentations/*.jpg``: ``python docs/draw_augmentations.py``.

``make_reference.py`` writes the page around them.

How each augmentation changes a real sample: scikit-learn's photograph, a window of the ``watch`` set, a spoken word.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from making.augmentations import modalities

from sslkit.assembly.strength import at_strength
from sslkit.errors import Problem
from sslkit.plugins import load_registry
from sslkit.registry import REQUIRED, Registry
from sslkit.types import ComponentSpec, SampleSpec

if TYPE_CHECKING:
    from torch import Tensor

FOLDER = Path(__file__).parent
DRAWS = 4
Needed = dict[str, dict[str, object]]


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
    entries = [entry for entry in registry.entries("augmentation") if modality in modalities(entry)]
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
    with TemporaryDirectory() as folder:
        needed = settings_needed(Path(folder))
        for modality, (spec, x) in samples().items():
            draw(registry, modality, spec, x, needed, FOLDER / "augmentations" / f"{modality}.jpg")


if __name__ == "__main__":
    main()
