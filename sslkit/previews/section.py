"""One data set's part of the page: facts, each augmentation alone, whole views."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from torch import Tensor

from sslkit.assembly import Prepared
from sslkit.assembly.account import facts_of, notes_of
from sslkit.augment.views import Pipeline, Views
from sslkit.errors import SSLKitError
from sslkit.pages.svg import SvgWriter
from sslkit.previews.alone import STRENGTHS, PreviewedAugmentation, StrengthVariant, previewed, variants
from sslkit.previews.drawing import Drawer
from sslkit.previews.measures import Measured, ViewDistances
from sslkit.previews.samples import PreviewSamples, choose
from sslkit.previews.words import measure_words, percent_words, setting_words, shape_words, used
from sslkit.randomness import generator
from sslkit.types import Augmentation

SHOWN_ALONE = 3  # samples for each augmentation; whole views are shown for all chosen
DRAWS = 2  # of whole views
Tell = Callable[[str], None]


class SectionMaker:
    """Draws and measures the views of one prepared experiment; the config's first seed draws."""

    def __init__(self, prepared: Prepared, number: int, svg: SvgWriter, tell: Tell) -> None:
        self.prepared, self.tell = prepared, tell
        self.seed = prepared.experiment.seeds[0]
        self.chosen: PreviewSamples = choose(prepared, self.seed)
        self.view_distances = ViewDistances(self.chosen.features, self.chosen.y)
        self.specs = prepared.pipeline_specs()
        self.previewed = previewed(prepared.registry, self.specs)
        self.anchor = f"data-{number}"
        self.to_picture = _undo_scaling(self.chosen)
        columns = 1 + len(STRENGTHS)
        cells = SHOWN_ALONE * columns * len(self.previewed) + self.chosen.shown * (
            1 + DRAWS * prepared.n_views
        )
        spec, after = prepared.dataset.spec, prepared.frontend.out_spec
        self.drawer = Drawer(
            prepared.modality,
            spec if len(spec.shape) != len(after.shape) else after,
            cells,
            cells,
            svg,
            self.anchor,
        )

    def section(self) -> dict[str, Any]:
        """As the template wants it."""
        cards = [
            self._alone(single, f"{self.anchor}-{i}") for i, single in enumerate(self.previewed, start=1)
        ]
        whole = self._whole()
        return {
            "anchor": self.anchor,
            "name": self.prepared.experiment.name,
            "facts": self._facts(),
            "read": facts_of(self.prepared),
            "notes": [*map(str, notes_of(self.prepared)), *self._notes()],
            "kind": "pictures" if self._square_pictures else "signals",
            "channels": list(self.drawer.channels.items()),
            "labelled": self.view_distances.labelled,
            "measured": len(self.chosen.y),
            "kept": percent_words(self.view_distances.kept_by_samples),
            "cards": cards,
            "whole": whole,
        }

    @property
    def _square_pictures(self) -> bool:
        return len(self.prepared.dataset.spec.shape) == 3

    def _facts(self) -> list[str]:
        prepared, views = self.prepared, self.prepared.experiment.views
        spec, after = prepared.dataset.spec, prepared.frontend.out_spec
        facts = [
            f"{len(prepared.splits.train):,} training samples",
            f"{spec.modality} {shape_words(spec.shape)}",
        ]
        if prepared.n_classes:
            facts.append(f"{prepared.n_classes} classes")
        assert prepared.experiment.frontend is not None
        facts.append(f"front end {prepared.experiment.frontend.name}")
        if after.shape != spec.shape:
            facts[-1] += f" → {shape_words(after.shape)}"
        facts.append(f"views: {views.recipe.name}" if views.recipe else "views: as listed in the config")
        return [*facts, f"seed {self.seed}"]

    def _notes(self) -> list[str]:
        notes = []
        if self.drawer.reduced > 1:
            notes.append(f"Pictures are shown at 1/{self.drawer.reduced} of their size.")
        if self.drawer.cut:
            notes.append("Sounds are cut to their beginning, to keep the page small.")
        return notes

    def _alone(self, single: PreviewedAugmentation, anchor: str) -> dict[str, Any]:
        self.tell(f"{self.prepared.experiment.name}: {single.spec.name}")
        raw, views, captions, columns, failed = False, [], [], [], []
        for variant in variants(self.prepared.registry, single):
            caption = " and ".join(f"{strength:g}×" for strength in variant.strengths)
            if variant.strengths == STRENGTHS:
                caption = "applied"
            try:
                augmentation: Augmentation = self.prepared.registry.build(single.wrap(variant.spec))
                raw = augmentation.stage == "raw"
                views.append(self._apply(augmentation, single))
            except SSLKitError as error:
                failed.append(f"{caption}: {error}")
                continue
            captions.append(caption)
            columns.append(self._column(caption, variant, self.view_distances(self._front(views[-1], raw))))
        return {
            "anchor": anchor,
            "name": " › ".join([*single.inside, single.spec.name]),
            "summary": single.entry.summary.replace("``", ""),
            "stage": "raw" if raw else "features",
            "used": used(single, len(self.specs)),
            "settings": [f"{name}: {setting_words(value)}" for name, value in single.settings.items()],
            "how_often": bool(captions) and captions[0] == "applied" and single.is_all_or_nothing,
            "columns": columns,
            "failed": failed,
            "rows": [
                self._row(place, [view[place] for view in views], captions, raw, single.spec.name)
                for place in range(min(SHOWN_ALONE, self.chosen.shown))
            ],
        }

    def _apply(self, augmentation: Augmentation, single: PreviewedAugmentation) -> Tensor:
        """To all chosen samples, all strengths with the same draws; what mixes with the past has seen others before."""
        raw = augmentation.stage == "raw"
        spec = self.prepared.dataset.spec if raw else self.prepared.frontend.out_spec
        augmentation.check(spec)
        device = self.chosen.decoded.device
        past = self.chosen.others if raw else self.prepared.frontend(self.chosen.others)
        augmentation(past, generator(self.seed, "preview past", device=device))
        draw = generator(self.seed, "preview", single.spec.name, device=device)
        return augmentation(self.chosen.decoded if raw else self.chosen.features, draw)

    def _front(self, x: Tensor, raw: bool) -> Tensor:
        return self.prepared.frontend(x) if raw else x

    def _column(self, caption: str, variant: StrengthVariant, measured: Measured) -> dict[str, Any]:
        changed = {name: setting_words(value) for name, value in variant.changed.items()}
        configured = 1.0 in variant.strengths
        return {"caption": caption, "configured": configured, "changed": changed, **measure_words(measured)}

    def _row(
        self, place: int, views: Sequence[Tensor], captions: Sequence[str], raw: bool, name: str
    ) -> dict[str, Any]:
        """One sample and views of it; of raw-stage augmentations the sound too."""
        spec, chosen = self.prepared.dataset.spec, self.chosen
        shown = [chosen.features[place], *(self._front(view[None], raw)[0] for view in views)]
        row = self.drawer.row([self.to_picture(x) for x in shown], f"{spec.modality}: {name}")
        heard = [chosen.decoded[place], *views] if raw else []
        sounds = [self.drawer.sound(x, spec, f"sound of {name}") for x in heard]
        return self._cells(place, ["original", *captions], row.drawings, sounds, row.scale)

    def _cells(
        self, place: int, captions: Sequence[str], drawings: list[str], sounds: list[str], scale: str
    ) -> dict[str, Any]:
        from markupsafe import Markup

        sounds = sounds or [""] * len(drawings)
        cells = [
            {"caption": caption, "drawing": Markup(drawing), "sound": Markup(sound)}
            for caption, drawing, sound in zip(captions, drawings, sounds, strict=True)
        ]
        return {"caption": self.chosen.captions[place], "scale": scale, "cells": cells}

    def _whole(self) -> dict[str, Any]:
        """Views as the networks get them, of two draws."""
        self.tell(f"{self.prepared.experiment.name}: whole views")
        prepared, chosen, spec = self.prepared, self.chosen, self.prepared.dataset.spec
        plain = replace(spec, scale=1.0)  # what goes in is decoded already
        views = Views(prepared.pipelines(), prepared.n_views, plain, prepared.frontend, self.seed)
        raw = [Pipeline(pipeline.raw) for pipeline in prepared.pipelines()]
        heard = Views(raw, prepared.n_views, plain, None, self.seed) if views.need_raw else None
        views(chosen.others, 0)
        drawn = [view for draw in range(DRAWS) for view in views(chosen.decoded, 1 + draw)]
        sounds = [view for draw in range(DRAWS) for view in heard(chosen.decoded, 1 + draw)] if heard else []
        names = [f"view {1 + i % prepared.n_views}" for i in range(len(drawn))]
        captions = [
            "original",
            *(f"{name}{', again' if i >= prepared.n_views else ''}" for i, name in enumerate(names)),
        ]
        rows = []
        for place in range(chosen.shown):
            shown = [chosen.features[place], *(view[place] for view in drawn)]
            row = self.drawer.row([self.to_picture(x) for x in shown], f"{spec.modality}: view")
            original = self.drawer.sound(chosen.decoded[place], spec, "sound of the sample")
            played = [self.drawer.sound(view[place], spec, "sound of a view") for view in sounds]
            played = [original, *(played or [""] * len(drawn))]
            rows.append(self._cells(place, captions, row.drawings, played, row.scale))
        columns = [
            {"caption": name, "changed": {}, **measure_words(self.view_distances(view))}
            for name, view in zip(names[: prepared.n_views], drawn, strict=False)
        ]
        return {"rows": rows, "columns": columns}


def _undo_scaling(chosen: PreviewSamples) -> Callable[[Tensor], Tensor]:
    """Pictures after the front end → the range of the decoded ones, by a line fitted for each channel."""
    before, after = chosen.decoded, chosen.features
    if before.ndim != 4 or before.shape != after.shape:
        return lambda x: x
    axes = (0, 2, 3)
    middle, centre = after.mean(axes, keepdim=True), before.mean(axes, keepdim=True)
    spread = (after - middle).square().mean(axes, keepdim=True)
    slope = ((after - middle) * (before - centre)).mean(axes, keepdim=True) / spread.clamp(min=1e-12)
    offset = centre - slope * middle
    return lambda x: (x * slope[0] + offset[0]).clamp(0, 1)
