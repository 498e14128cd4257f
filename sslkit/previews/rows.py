"""Rows of the page: a sample and views of it on one scale, with sound where it can be heard."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from torch import Tensor

from sslkit.assembly import Prepared
from sslkit.pages.svg import SvgWriter
from sslkit.previews.drawing import Drawer
from sslkit.previews.samples import PreviewSamples


class RowDrawer:
    """Draws what is after the front end, and plays what is before it.

    Args:
        prepared: the experiment.
        samples: those that are shown.
        drawings: how many there will be on the page.
        svg: numbers figures, so that no two of the page share an id.
        prefix: of ids of plots.
    """

    def __init__(
        self, prepared: Prepared, samples: PreviewSamples, drawings: int, svg: SvgWriter, prefix: str
    ) -> None:
        spec, after = prepared.dataset.spec, prepared.frontend.out_spec
        drawn_spec = spec if len(spec.shape) != len(after.shape) else after
        self.prepared, self.samples, self.spec = prepared, samples, spec
        self.drawer = Drawer(prepared.modality, drawn_spec, drawings, drawings, svg, prefix)
        self.to_picture = _undo_scaling(samples)

    def row(
        self, place: int, views: Sequence[Tensor], captions: Sequence[str], label: str, sounds: Sequence[str]
    ) -> dict[str, Any]:
        """One sample and its views, as the template wants them.

        Args:
            place: of the sample among those shown.
            views: of it, after the front end.
            captions: of the views.
            label: what a screen reader says.
            sounds: players of the sample and its views, or none at all.
        """
        from markupsafe import Markup

        shown = [self.samples.features[place], *views]
        row = self.drawer.row([self.to_picture(x) for x in shown], f"{self.spec.modality}: {label}")
        cells = [
            {"caption": caption, "drawing": Markup(drawing), "sound": Markup(sound)}
            for caption, drawing, sound in zip(
                ["original", *captions], row.drawings, sounds or [""] * len(shown), strict=True
            )
        ]
        return {"caption": self.samples.captions[place], "scale": row.scale, "cells": cells}

    def sound(self, decoded: Tensor, label: str) -> str:
        """A player, or nothing where it cannot be heard."""
        return self.drawer.sound(decoded, self.spec, label)

    @property
    def channels(self) -> list[tuple[str, str]]:
        """The legend that all rows share: names and CSS colours."""
        return list(self.drawer.channels.items())

    @property
    def notes(self) -> list[str]:
        """What was done to keep the page small."""
        notes = []
        if self.drawer.reduced > 1:
            notes.append(f"Pictures are shown at 1/{self.drawer.reduced} of their size.")
        if self.drawer.cut:
            notes.append("Sounds are cut to their beginning, to keep the page small.")
        return notes


def _undo_scaling(samples: PreviewSamples) -> Callable[[Tensor], Tensor]:
    """Pictures after the front end → the range of the decoded ones, by a line fitted for each channel."""
    before, after = samples.decoded, samples.features
    if before.ndim != 4 or before.shape != after.shape:
        return lambda x: x
    axes = (0, 2, 3)
    middle, centre = after.mean(axes, keepdim=True), before.mean(axes, keepdim=True)
    spread = (after - middle).square().mean(axes, keepdim=True)
    slope = ((after - middle) * (before - centre)).mean(axes, keepdim=True) / spread.clamp(min=1e-12)
    offset = centre - slope * middle
    return lambda x: (x * slope[0] + offset[0]).clamp(0, 1)
