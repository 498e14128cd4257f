"""Samples → small pieces of HTML: pictures pixel by pixel, signals as lines, sound to play.

The modality says how a sample is drawn (``Modality.draw``). Its picture is taken from matplotlib's axes and written
without them: hundreds of small drawings would cost a minute and megabytes as figures.
"""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from torch import Tensor

from sslkit.pages.palette import page_colour
from sslkit.pages.svg import SvgWriter, canvas
from sslkit.previews.lines import Line, draw_lines
from sslkit.types import Modality, SampleSpec

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PICTURE_BYTES = 3_000_000  # of all pictures of a data set together, before compression
SOUND_BYTES = 3_000_000


@dataclass(frozen=True)
class DrawnRow:
    """Drawings beside each other on one scale, and what that scale is in words."""

    drawings: list[str]
    scale: str


class Drawer:
    """Draws the samples of one data set.

    Args:
        modality, spec: of what is drawn.
        drawings: how many there will be; many large pictures are reduced.
        sounds: how many of them can be heard; long ones are cut.
        svg: numbers figures, so that no two of the page share an id.
        prefix: of ids of plots.
    """

    def __init__(
        self, modality: Modality, spec: SampleSpec, drawings: int, sounds: int, svg: SvgWriter, prefix: str
    ) -> None:
        self.modality, self.spec, self.svg, self.prefix = modality, spec, svg, prefix
        self.picture_bytes = PICTURE_BYTES // max(1, drawings)
        self.sound_bytes = SOUND_BYTES // max(1, sounds)
        self.reduced, self.cut = 1, False
        self.channels: dict[str, str] = {}
        self._rows = 0
        with canvas(3.2, 1.9, grid=False) as (_, (axes,)):
            self._axes = axes

    def row(self, samples: Sequence[Tensor], label: str) -> DrawnRow:
        """The first is the original; signals have it beneath the others, thin and grey."""
        self._rows += 1
        sketches = [self._sketch(sample) for sample in samples]
        pictures = [sketch for sketch in sketches if isinstance(sketch, _Picture)]
        plots = [sketch for sketch in sketches if isinstance(sketch, list)]
        if len(pictures) == len(samples):
            return self._pictures(pictures, label)
        if len(plots) == len(samples):
            name = f"{self.prefix}-row-{self._rows}"
            return DrawnRow(*draw_lines(plots, name, label, self._axes.get_xlabel()))
        return DrawnRow([self._figure(sample, label) for sample in samples], "")

    def _sketch(self, sample: Tensor) -> _Picture | list[Line] | None:
        from matplotlib.colors import to_hex

        axes = self._axes
        _empty(axes)
        self.modality.draw(axes, sample, self.spec)
        images, lines = axes.get_images(), axes.get_lines()
        if len(images) == 1 and not lines:
            low, high = images[0].get_clim()
            across = f"{images[0].get_extent()[1]:.3g} {axes.get_xlabel()}" if axes.get_xlabel() else ""
            return _Picture(
                np.asarray(images[0].get_array()),
                (float(low or 0), float(high or 1)),
                images[0].get_cmap(),
                images[0].origin == "lower",
                axes.get_aspect() == "auto",
                across,
            )
        if images or axes.patches or axes.collections or not lines:
            return None
        found = []
        for line in lines:
            colour = _readable(page_colour(to_hex(line.get_color())))
            found.append(
                Line(np.asarray(line.get_xdata(), float), np.asarray(line.get_ydata(), float), colour)
            )
            self.channels.setdefault(str(line.get_label()), colour)
        return found

    def _pictures(self, pictures: Sequence[_Picture], label: str) -> DrawnRow:
        low = min(picture.limits[0] for picture in pictures)
        high = max(picture.limits[1] for picture in pictures)
        height, width, *colours = pictures[0].values.shape
        while height * width * (colours[0] if colours else 1) // self.reduced**2 > self.picture_bytes:
            self.reduced += 1
        kind = "stretched" if pictures[0].stretched else "pixels"
        drawings = [
            f'<img class="{kind}" alt="{html.escape(label)}" '
            f'src="{_uri(_png(picture, low, high, self.reduced), "image/png")}">'
            for picture in pictures
        ]
        across = pictures[0].across
        return DrawnRow(drawings, f"0 to {across}, {height} bands, one colour scale" if across else "")

    def _figure(self, sample: Tensor, label: str) -> str:
        """What a plugin's modality draws with other means than lines and pictures."""
        with canvas(3.2, 1.9, grid=False) as (figure, (axes,)):
            self.modality.draw(axes, sample, self.spec)
            return self.svg.write(figure, label, dots_per_inch=100)

    def sound(self, sample: Tensor, spec: SampleSpec, label: str) -> str:
        """A player of a decoded sample, or nothing where it cannot be heard."""
        wav = self.modality.sound(sample, spec)
        if not wav:
            return ""
        if len(wav) > self.sound_bytes:
            self.cut = True
            length = int(sample.shape[-1] * self.sound_bytes / len(wav))
            wav = self.modality.sound(sample[..., :length], spec) or b""
        return (
            f'<audio controls preload="metadata" aria-label="{html.escape(label)}" '
            f'src="{_uri(wav, "audio/wav")}"></audio>'
        )


@dataclass(frozen=True)
class _Picture:
    values: np.ndarray  # (H, W) to be coloured, or (H, W, 3) in 0…1
    limits: tuple[float, float]
    colours: Any
    upside_down: bool
    stretched: bool
    across: str


def _readable(colour: str) -> str:
    """A colour that has no tones for light and dark of its own is drawn towards the ink's."""
    return f"color-mix(in srgb, {colour}, var(--ink) 30%)" if colour.startswith("#") else colour


def _empty(axes: Axes) -> None:
    """Without what was drawn last; ``clear`` would take ten times as long as to draw."""
    for drawn in (axes.lines, axes.images, axes.patches, axes.collections, axes.texts):
        for artist in list(drawn):
            artist.remove()
    if (legend := axes.get_legend()) is not None:
        legend.remove()
    axes.set_prop_cycle(None)
    axes.set_aspect("auto")


def _png(picture: _Picture, low: float, high: float, reduce: int) -> bytes:
    from PIL import Image

    values = picture.values[::-1] if picture.upside_down else picture.values
    if values.ndim == 3 and values.shape[2] == 1:
        values = values[:, :, 0]
    coloured = values.ndim == 3
    span = (0.0, 1.0) if coloured else (low, high)
    scaled = (np.nan_to_num(values) - span[0]) / max(span[1] - span[0], 1e-12)
    image = Image.fromarray((scaled.clip(0, 1) * 255).round().astype(np.uint8))
    if reduce > 1:
        image = image.reduce(reduce)
    if not coloured and picture.colours.name not in ("gray", "grey"):
        image.putpalette(picture.colours(np.arange(256), bytes=True)[:, :3].tobytes())
    buffer = io.BytesIO()
    image.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def _uri(content: bytes, kind: str) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode('ascii')}"
