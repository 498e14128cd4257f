"""Matplotlib figures → small inline SVG: colours by CSS variables, text as text, ids that never meet."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sslkit.pages.numbers import Numbers, download_buttons
from sslkit.pages.palette import CARD, INK, MUTED, RULE, page_colour

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CHART_WIDTH, CHART_HEIGHT = 4.6, 2.95  # inches; on a phone the letters stay as large as they are here
HALO = "halo"  # the gid of text that stands on data and needs an outline in the page's colour
_RC: dict[str, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "sslkit",
    "svg.image_inline": True,
    "image.interpolation": "none",  # pictures are embedded pixel by pixel, and the browser enlarges them
    "font.family": "DejaVu Sans",  # measures the layout only; the page's own, narrower font shows
    "font.size": 9.5,
    "axes.titlesize": 9.5,
    "axes.labelsize": 9.5,
    "xtick.labelsize": 9,
    "ytick.labelsize": 9,
    "text.color": INK,
    "axes.labelcolor": MUTED,
    "axes.titlecolor": INK,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "axes.edgecolor": RULE,
    "grid.color": RULE,
    "grid.linewidth": 0.6,
    "axes.grid": False,
    "axes.grid.axis": "y",
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.8,
    "axes.unicode_minus": True,
    "xtick.major.size": 3,
    "ytick.major.size": 0,
    "xtick.minor.size": 0,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "savefig.facecolor": "none",
    "savefig.transparent": True,
    "lines.linewidth": 1.8,
    "lines.markersize": 5.5,
    "text.usetex": False,
    "text.parse_math": False,
}


@contextmanager
def canvas(
    width: float, height: float, rows: int = 1, grid: bool = True
) -> Iterator[tuple[Figure, list[Axes]]]:
    """A matplotlib figure (inches) with ``rows`` axes above each other, in the pages' style."""
    import matplotlib
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    settings: Any = {**_RC, "axes.grid": grid}
    with matplotlib.rc_context(settings):
        layout = ConstrainedLayoutEngine(w_pad=0.02, h_pad=0.03, hspace=0.06)
        figure = Figure(figsize=(width, height), layout=layout)
        FigureCanvasSVG(figure)
        axes = figure.subplots(rows, 1, sharex=True, squeeze=False)
        yield figure, list(axes[:, 0])


class SvgWriter:
    """Turns figures into inline SVG and numbers them, so that no two share an id."""

    def __init__(self) -> None:
        self.count = 0

    def write(
        self, figure: Figure, label: str, numbers: Numbers | None = None, dots_per_inch: int = 160
    ) -> str:
        """Inline ``<svg>`` of the figure, and buttons to have it as a file.

        Args:
            figure: drawn on a ``canvas``.
            label: what a screen reader says instead of it.
            numbers: what is drawn, to be had as CSV; None for a picture whose pixels are its numbers.
            dots_per_inch: of embedded pictures.
        """
        buffer = io.StringIO()
        metadata: dict[str, Any] = {"Date": None, "Creator": None, "Format": None, "Type": None}
        figure.savefig(buffer, format="svg", metadata=metadata, dpi=dots_per_inch)
        self.count += 1
        return _inline(buffer.getvalue(), f"f{self.count}", label) + download_buttons(numbers, picture=True)


def _inline(text: str, prefix: str, label: str) -> str:
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>\s*", "", text, flags=re.S)
    text = re.sub(r"<!--.*?-->\s*", "", text, flags=re.S)
    text = text.replace("xlink:href", "href").replace("base64,\n", "base64,")
    text = re.sub(r' id="halo"', ' class="halo"', text)
    used = set(re.findall(r'(?:href="|url\()#([^")]+)', text))
    text = re.sub(
        r' id="([^"]+)"', lambda found: f' id="{prefix}-{found[1]}"' if found[1] in used else "", text
    )
    text = re.sub(r'(href="|url\()#', rf"\1#{prefix}-", text)
    text = re.sub(r"(?<=: )#[0-9a-f]{6}\b", lambda found: page_colour(found[0]), text)
    text = re.sub(r"font:([^;\"]*?)([\d.]+)px [^;\"]*", _font, text)  # matplotlib before 3.11
    text = re.sub(r"font-family: [^;\"]*;? ?", "", text)
    text = re.sub(r' transform="rotate\(-?0 [^"]*"', "", text)
    text = re.sub(r' (d|x|y)="([^"]*)"', lambda found: f' {found[1]}="{_round(found[2])}"', text)
    text = re.sub(r">\s+<", "><", text)
    text = re.sub(r'<g( clip-path="[^"]+")?>((?:<use [^>]+/>){2,})</g>', _hoist, text)
    view_box = re.search(r'viewBox="[^"]+"', text)
    head = f'<svg id="{prefix}" class="figure" role="img" aria-label="{html.escape(label)}" '
    head += view_box[0] if view_box else ""
    return head + text[text.index(">") :].rstrip()


def _hoist(found: re.Match[str]) -> str:
    """One style for a group of equal markers instead of one each."""
    styles = set(re.findall(r'style="([^"]*)"', found[2]))
    if len(styles) != 1:
        return found[0]
    marks = re.sub(r' style="[^"]*"', "", found[2])
    return f'<g{found[1] or ""} style="{styles.pop()}">{marks}</g>'


def _font(found: re.Match[str]) -> str:
    weight = "; font-weight: 600" if re.search(r"bold|[67]00", found[1]) else ""
    return f"font-size: {found[2]}px{weight}"


def _round(numbers: str) -> str:
    return re.sub(r"\d+\.\d+", lambda number: f"{float(number[0]):.1f}".removesuffix(".0"), numbers)


__all__ = ["CARD", "CHART_HEIGHT", "CHART_WIDTH", "HALO", "INK", "MUTED", "RULE", "SvgWriter", "canvas"]
