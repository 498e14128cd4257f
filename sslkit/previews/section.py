"""One data set's part of the page: facts, each augmentation alone, whole views."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from torch import Tensor

from sslkit.assembly import Prepared
from sslkit.assembly.account import reading_facts, reading_notes
from sslkit.augment.views import Pipeline, Views
from sslkit.errors import SSLKitError
from sslkit.pages.svg import SvgWriter
from sslkit.previews.augmentations import (
    STRENGTHS,
    PreviewedAugmentation,
    ScaledAugmentation,
    previewed_augmentations,
    scaled_augmentations,
)
from sslkit.previews.measures import ViewDistances, ViewMeasures
from sslkit.previews.rows import RowDrawer
from sslkit.previews.samples import PreviewSamples, choose_samples
from sslkit.previews.words import measure_words, percent_words, setting_words, shape_words, use_words
from sslkit.randomness import generator
from sslkit.types import Augmentation

SHOWN_ALONE = 3  # samples for each augmentation; whole views are shown for all samples
DRAWS = 2  # of whole views
Tell = Callable[[str], None]


class PreviewSection:
    """Draws and measures the views of one prepared experiment; the config's first seed draws."""

    def __init__(self, prepared: Prepared, number: int, svg: SvgWriter, tell: Tell) -> None:
        self.prepared, self.tell, self.anchor = prepared, tell, f"data-{number}"
        self.seed = prepared.experiment.seeds[0]
        self.samples: PreviewSamples = choose_samples(prepared, self.seed)
        self.view_distances = ViewDistances(self.samples.features, self.samples.y)
        self.specs = prepared.pipeline_specs()
        self.augmentations = previewed_augmentations(prepared.registry, self.specs)
        alone = SHOWN_ALONE * (1 + len(STRENGTHS)) * len(self.augmentations)
        whole = self.samples.shown * (1 + DRAWS * prepared.n_views)
        self.rows = RowDrawer(prepared, self.samples, alone + whole, svg, self.anchor)

    def content(self) -> dict[str, Any]:
        """As the template wants it."""
        cards = [
            self._alone(augmentation, f"{self.anchor}-{i}")
            for i, augmentation in enumerate(self.augmentations, start=1)
        ]
        whole = self._whole()
        return {
            "anchor": self.anchor,
            "name": self.prepared.experiment.name,
            "facts": self._facts(),
            "read": reading_facts(self.prepared),
            "notes": [*map(str, reading_notes(self.prepared)), *self.rows.notes],
            "kind": "pictures" if len(self.prepared.dataset.spec.shape) == 3 else "signals",
            "channels": self.rows.channels,
            "labelled": self.view_distances.labelled,
            "measured": len(self.samples.y),
            "kept": percent_words(self.view_distances.kept_by_samples),
            "cards": cards,
            "whole": whole,
        }

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

    def _alone(self, previewed: PreviewedAugmentation, anchor: str) -> dict[str, Any]:
        """One augmentation at each strength: figures, and rows of samples."""
        name = previewed.spec.name
        self.tell(f"{self.prepared.experiment.name}: {name}")
        raw, views, captions, columns, failed = False, [], [], [], []
        for scaled in scaled_augmentations(self.prepared.registry, previewed):
            caption = " and ".join(f"{strength:g}×" for strength in scaled.strengths)
            if scaled.strengths == STRENGTHS:
                caption = "applied"
            try:
                augmentation: Augmentation = self.prepared.registry.build(previewed.wrap(scaled.spec))
                raw = augmentation.stage == "raw"
                views.append(self._apply(augmentation, name))
            except SSLKitError as error:
                failed.append(f"{caption}: {error}")
                continue
            captions.append(caption)
            columns.append(
                _column(caption, scaled, self.view_distances(self._after_frontend(views[-1], raw)))
            )
        return {
            "anchor": anchor,
            "name": " › ".join([*previewed.inside, name]),
            "summary": previewed.entry.summary.replace("``", ""),
            "stage": "raw" if raw else "features",
            "used": use_words(previewed, len(self.specs)),
            "settings": [
                f"{setting}: {setting_words(value)}" for setting, value in previewed.settings.items()
            ],
            "how_often": bool(captions) and captions[0] == "applied" and previewed.is_all_or_nothing,
            "columns": columns,
            "failed": failed,
            "rows": [
                self._row_alone(place, [view[place] for view in views], captions, raw, name)
                for place in range(min(SHOWN_ALONE, self.samples.shown))
            ],
        }

    def _apply(self, augmentation: Augmentation, name: str) -> Tensor:
        """To all samples, all strengths with the same draws; what mixes with the past has seen others before."""
        raw = augmentation.stage == "raw"
        augmentation.check(self.prepared.dataset.spec if raw else self.prepared.frontend.out_spec)
        device = self.samples.decoded.device
        past = self.samples.others if raw else self.prepared.frontend(self.samples.others)
        augmentation(past, generator(self.seed, "preview past", device=device))
        draw = generator(self.seed, "preview", name, device=device)
        return augmentation(self.samples.decoded if raw else self.samples.features, draw)

    def _after_frontend(self, x: Tensor, raw: bool) -> Tensor:
        return self.prepared.frontend(x) if raw else x

    def _row_alone(
        self, place: int, views: list[Tensor], captions: list[str], raw: bool, name: str
    ) -> dict[str, Any]:
        """One sample and views of it; of raw-stage augmentations the sound too."""
        shown = [self._after_frontend(view[None], raw)[0] for view in views]
        heard = [self.samples.decoded[place], *views] if raw else []
        sounds = [self.rows.sound(x, f"sound of {name}") for x in heard]
        return self.rows.row(place, shown, captions, name, sounds)

    def _whole(self) -> dict[str, Any]:
        """Views as the networks get them, of two draws."""
        self.tell(f"{self.prepared.experiment.name}: whole views")
        prepared, samples = self.prepared, self.samples
        plain = replace(prepared.dataset.spec, scale=1.0)  # what goes in is decoded already
        views = Views(prepared.pipelines(), prepared.n_views, plain, prepared.frontend, self.seed)
        raw = [Pipeline(pipeline.raw) for pipeline in prepared.pipelines()]
        heard = Views(raw, prepared.n_views, plain, None, self.seed) if views.need_raw else None
        views(samples.others, 0)
        drawn = [view for draw in range(DRAWS) for view in views(samples.decoded, 1 + draw)]
        played = [view for draw in range(DRAWS) for view in heard(samples.decoded, 1 + draw)] if heard else []
        names = [f"view {1 + i % prepared.n_views}" for i in range(len(drawn))]
        captions = [f"{name}{', again' if i >= prepared.n_views else ''}" for i, name in enumerate(names)]
        rows = []
        for place in range(samples.shown):
            original = self.rows.sound(samples.decoded[place], "sound of the sample")
            sounds = [self.rows.sound(view[place], "sound of a view") for view in played]
            sounds = [original, *(sounds or [""] * len(drawn))]
            rows.append(self.rows.row(place, [view[place] for view in drawn], captions, "view", sounds))
        columns = [
            {"caption": name, "changed": {}, **measure_words(self.view_distances(view))}
            for name, view in zip(names[: prepared.n_views], drawn, strict=False)
        ]
        return {"rows": rows, "columns": columns}


def _column(caption: str, scaled: ScaledAugmentation, measured: ViewMeasures) -> dict[str, Any]:
    changed = {name: setting_words(value) for name, value in scaled.changed.items()}
    configured = 1.0 in scaled.strengths
    return {"caption": caption, "configured": configured, "changed": changed, **measure_words(measured)}
