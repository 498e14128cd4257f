"""Settings and figures in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sslkit.previews.augmentations import PreviewedAugmentation
from sslkit.previews.measures import ViewMeasures


def use_words(augmentation: PreviewedAugmentation, pipelines: int) -> str:
    """In which views, and how often there; short where all do alike."""
    chances = {p for _, p in augmentation.uses}
    if pipelines == 1 or (len(chances) == 1 and len(augmentation.uses) == pipelines):
        return f"all views, {_chance(augmentation.uses[0][1])}"
    return "; ".join(f"view {view}, {_chance(p)}" for view, p in augmentation.uses)


def _chance(p: float) -> str:
    return "every sample" if p >= 1 else f"{100 * p:.3g} % of samples"


def measure_words(measured: ViewMeasures) -> dict[str, str]:
    """As the tables show them."""
    return {"moved": f"{measured.moved:.2f}", "kept": percent_words(measured.kept)}


def percent_words(share: float | None) -> str:
    """Nothing where nothing was measured."""
    return "" if share is None else f"{100 * share:.0f} %"


def shape_words(shape: Sequence[int]) -> str:
    """``3×32×32``."""
    return "×".join(map(str, shape))


def setting_words(value: Any) -> str:
    """A value as a reader would write it."""
    if isinstance(value, float):
        return f"{value:.3g}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(setting_words, value))}]"
    if value is None:
        return "none"
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)
