"""Colours, markers and line styles: Okabe and Ito's colour-blind-safe set; shapes differ for greyscale.

Charts are drawn in placeholder colours which ``svg.py`` turns into CSS variables, so that one drawing is
readable in light, dark and print.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

INK, MUTED, RULE, CARD = "#010200", "#010201", "#010202", "#010203"
_METHODS = tuple(f"#0103{index:02x}" for index in range(8))
_CLASSES = tuple(f"#0104{index:02x}" for index in range(8))
VARIABLES = {
    INK: "var(--ink)",
    MUTED: "var(--muted)",
    RULE: "var(--rule)",
    CARD: "var(--card)",
    **{colour: f"var(--m{index})" for index, colour in enumerate(_METHODS)},
    **{colour: f"var(--c{index})" for index, colour in enumerate(_CLASSES)},
}

_OKABE_ITO = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00")  # as modalities draw in
VARIABLES |= {
    "#000000": "var(--ink)",
    **{colour: f"var(--c{index})" for index, colour in enumerate(_OKABE_ITO)},
}


def page_colour(colour: str) -> str:
    """A hexadecimal colour as the page's CSS has it: its own tone in light and in dark where there is one."""
    return VARIABLES.get(colour.lower(), colour)


_BASELINE_STYLES = {"random": (5, ":", "X"), "handcrafted": (6, "-.", "^"), "supervised": (7, "--", "s")}
_OBJECTIVE_LINES = ("-", (0, (6, 1.5)), (0, (4, 1.5, 1, 1.5)), (0, (2, 1)), (0, (8, 2, 2, 2)))
_OBJECTIVE_MARKERS = ("o", "D", "v", "P", "<")
_CLASS_MARKERS = ("o", "s", "^", "D", "v", "P", "X", "<")


@dataclass(frozen=True)
class Style:
    """How one method or class is drawn, in matplotlib's terms."""

    colour: str
    line: str | tuple[int, tuple[float, ...]]
    marker: str


def method_styles(methods: Sequence[str]) -> dict[str, Style]:
    """A style for every method, the same in all charts of a report; those of the usual baselines are always there."""
    styles = {}
    objectives = [name for name in methods if name not in _BASELINE_STYLES]
    for index, name in enumerate(objectives):
        turn = index % 5
        styles[name] = Style(
            _METHODS[turn], _OBJECTIVE_LINES[turn], _OBJECTIVE_MARKERS[(index + index // 5) % 5]
        )
    for name, (index, line, marker) in _BASELINE_STYLES.items():
        styles[name] = Style(_METHODS[index], line, marker)
    return styles


def class_styles(count: int) -> list[Style]:
    """Eight colours and eight markers, both changing from class to class; 64 classes before two are alike."""
    return [
        Style(_CLASSES[index % 8], "", _CLASS_MARKERS[(index + index // 8) % 8]) for index in range(count)
    ]


_SHAPES = {
    "o": '<circle cx="0" cy="0" r="4"/>',
    "s": '<path d="M-3.6-3.6h7.2v7.2h-7.2z"/>',
    "^": '<path d="M0-4.4 4.4 3.6H-4.4z"/>',
    "v": '<path d="M0 4.4 4.4-3.6H-4.4z"/>',
    "<": '<path d="M-4.4 0 3.6-4.4V4.4z"/>',
    "D": '<path d="M0-4.8 4.8 0 0 4.8-4.8 0z"/>',
    "P": '<path d="M-1.5-4.4h3v2.9h2.9v3h-2.9v2.9h-3v-2.9h-2.9v-3h2.9z"/>',
    "X": '<path d="M-4-2-2-4 0-2 2-4 4-2 2 0 4 2 2 4 0 2-2 4-4 2-2 0z"/>',
}
_DASHES = {"-": "", ":": "1.5 2.5", "-.": "6 2 1.5 2", "--": "5 2.5"}


def swatch(style: Style) -> str:
    """The style as a small picture for legends and tables: marker, on a piece of its line if it has one."""
    colour = page_colour(style.colour)
    shape = f'<g fill="currentColor">{_SHAPES[style.marker]}</g>'
    if not style.line:
        return (
            f'<svg class="swatch" viewBox="-6 -6 12 12" width="12" height="12" aria-hidden="true" '
            f'style="color:{colour}">{shape}</svg>'
        )
    dashes = (
        _DASHES[style.line]
        if isinstance(style.line, str)
        else " ".join(f"{d * 1.5:g}" for d in style.line[1])
    )
    line = (
        f'<path d="M-15 0H15" stroke="currentColor" stroke-width="2" stroke-dasharray="{dashes or "none"}"/>'
    )
    return (
        f'<svg class="swatch" viewBox="-16 -6 32 12" width="32" height="12" aria-hidden="true" '
        f'style="color:{colour}">{line}{shape}</svg>'
    )


def legend_entries(styles: Mapping[str, Style], names: Iterable[str] | None = None) -> list[dict[str, Any]]:
    """Name and swatch, of ``names`` (default: of all), as the template ``legend`` takes them."""
    return [{"name": name, "swatch": swatch(styles[name])} for name in (styles if names is None else names)]
