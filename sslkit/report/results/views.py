"""What the network was shown: real samples and their augmented views, with sound where it can be heard."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import torch

from sslkit.errors import SSLKitError
from sslkit.pages.numbers import Numbers
from sslkit.pages.palette import page_colour
from sslkit.pages.svg import SvgWriter, canvas
from sslkit.report.files import load_arrays, numbers_of
from sslkit.report.members import Member
from sslkit.types import ComponentSpec, Modality, SampleSpec

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sslkit.registry import Registry

MOST_SAMPLES = 4
MOST_SOUND_BYTES = 200_000
_WIDTH = 3.2  # inches
_HEIGHTS = {3: 3.2, 2: 1.9, 1: 1.9}  # by the number of axes of what is drawn


@dataclass(frozen=True)
class ViewPicture:
    """One picture: a sample or a view of it, and its sound as an HTML element, if any."""

    caption: str
    picture: str
    sound: str = ""


@dataclass(frozen=True)
class SampleViews:
    """What the page shows of them.

    Attributes:
        rows: one for each sample: the sample, then its views.
        ndim: axes of a decoded sample.
        note: words where there is nothing to show.
        channels: the legend that all pictures share: names and CSS colours.
    """

    rows: list[list[ViewPicture]]
    ndim: int = 0
    note: str = ""
    channels: list[tuple[str, str]] = field(default_factory=list)


def draw_sample_views(member: Member, registry: Registry, svg: SvgWriter) -> SampleViews:
    """The first samples of ``views.npz`` with their views, drawn by the member's modality."""
    arrays = load_arrays(member.folder / "views.npz")
    arrays = {name: found for name in arrays if (found := numbers_of(arrays, name)) is not None}
    arrays = {name: found for name, found in arrays.items() if len(found) == len(arrays.get("decoded", ()))}
    if "decoded" not in arrays or member.spec is None:
        return SampleViews([], note="No views were saved for this data set yet.")
    try:
        modality: Modality = registry.build(ComponentSpec("modality", member.spec.modality))
    except SSLKitError as error:
        return SampleViews([], note=f"The samples cannot be drawn here: {error}")
    names = sorted(
        (name for name in arrays if re.fullmatch(r"view_\d+", name)), key=lambda name: int(name[5:])
    )
    count = min(MOST_SAMPLES, len(arrays["decoded"]))
    after = arrays.get("features")  # a front end's picture of a sound says more than its waveform
    decoded = arrays["decoded"]
    columns: list[tuple[str, np.ndarray, np.ndarray | None]] = [
        ("sample", after if after is not None and after.ndim > decoded.ndim else decoded, decoded)
    ]
    columns += [(name.replace("_", " "), *_shown(arrays, name)) for name in names]
    channels: dict[str, str] = {}
    rows = [
        [
            _draw_picture(
                modality,
                member.spec,
                caption,
                shown[index],
                None if heard is None else heard[index],
                channels,
                svg,
            )
            for caption, shown, heard in columns
        ]
        for index in range(count)
    ]
    return SampleViews(rows, ndim=len(member.spec.shape), channels=list(channels.items()))


def _shown(arrays: Mapping[str, np.ndarray], name: str) -> tuple[np.ndarray, np.ndarray | None]:
    """What to draw and what to play of a view: pictures from before the front end, the rest after it."""
    raw = arrays.get(f"{name}_raw")
    shown = raw if raw is not None and raw.ndim == 4 else arrays[name]
    return shown, raw


def _draw_picture(
    modality: Modality,
    spec: SampleSpec,
    caption: str,
    shown: np.ndarray,
    heard: np.ndarray | None,
    channels: dict[str, str],
    svg: SvgWriter,
) -> ViewPicture:
    sample = torch.from_numpy(np.ascontiguousarray(shown, dtype=np.float32))
    if sample.shape != torch.Size(spec.shape) and sample.ndim == len(spec.shape):
        spec = replace(spec, shape=tuple(sample.shape))
    height = _HEIGHTS.get(sample.ndim if len(spec.shape) == sample.ndim else 1, 1.9)
    with canvas(_WIDTH, height, grid=False) as (figure, (axes,)):
        modality.draw(axes, sample, spec)
        _take_legend(axes, channels)
        label = f"{spec.modality}: {caption}"
        picture = svg.write(figure, label, _signal_numbers(sample, spec), dots_per_inch=100)
    return ViewPicture(caption, picture, _sound(modality, spec, caption, heard))


def _signal_numbers(sample: torch.Tensor, spec: SampleSpec) -> Numbers | None:
    """A column for each channel of a signal. The pixels of a picture are in the picture."""
    if sample.ndim > 2:
        return None
    channels = sample[None] if sample.ndim == 1 else sample
    names = spec.channels if len(spec.channels) == len(channels) else range(1, len(channels) + 1)
    rate = spec.rate_hz or 1.0
    rows = [[place / rate, *values] for place, values in enumerate(channels.T.numpy().round(4).tolist())]
    return Numbers(("seconds" if spec.rate_hz else "place", *map(str, names)), rows)


def _take_legend(axes: Axes, channels: dict[str, str]) -> None:
    """A legend inside a small picture hides data: the page shows one for all of them instead."""
    from matplotlib.colors import to_hex
    from matplotlib.lines import Line2D

    legend = axes.get_legend()
    if legend is not None:
        lines = (item for item in axes.get_lines() if isinstance(item, Line2D))
        channels |= {str(line.get_label()): page_colour(to_hex(line.get_color())) for line in lines}
        legend.remove()


def _sound(modality: Modality, spec: SampleSpec, caption: str, heard: np.ndarray | None) -> str:
    if heard is None or heard.ndim != len(spec.shape):
        return ""
    wav = modality.sound(torch.from_numpy(np.ascontiguousarray(heard, dtype=np.float32)), spec)
    if not wav or len(wav) > MOST_SOUND_BYTES:
        return ""
    data = base64.b64encode(wav).decode("ascii")
    label = html.escape(f"sound of {caption}")
    return (
        f'<audio controls preload="metadata" aria-label="{label}" src="data:audio/wav;base64,{data}"></audio>'
    )
