"""Numbers, names and findings in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sslkit.report.members import BASELINES
from sslkit.statistics import Outcome


@dataclass(frozen=True)
class Sentence:
    """A finding in words; ``verdict`` picks its sign."""

    verdict: Outcome
    text: str


@dataclass(frozen=True)
class Answer:
    """What was found under one condition (``With all labels``)."""

    condition: str
    sentences: list[Sentence]


def listed(words: Iterable[str]) -> str:
    """``a, b and c``."""
    *start, last = words
    return f"{', '.join(start)} and {last}" if start else last


def method_words(name: str) -> str:
    """A baseline's name in a sentence: ``the random-init encoder``; other methods go by their own."""
    return BASELINES.get(name, name)


def metric_words(metric: str) -> str:
    """``balanced accuracy``."""
    return metric.replace("_", " ")


def signed(number: float) -> str:
    """``+3.1``, with a true minus, and 0.0 without a sign."""
    text = f"{number:+.1f}"
    return "0.0" if float(text) == 0 else text.replace("-", "−")


def signed_points(fraction: float) -> str:
    """``+3.1``: a fraction in percentage points."""
    return signed(100 * fraction)


def interval_words(interval: tuple[float, float] | None) -> str:
    """``−0.4 … +3.1`` of fractions, in percentage points."""
    return "one seed" if interval is None else f"{signed_points(interval[0])} … {signed_points(interval[1])}"


def p_words(p: float | None) -> str:
    """Two digits, as far as a p-value can be trusted: ``.024``, ``<.001``."""
    if p is None:
        return ""
    if p < 0.001:
        return "<.001"
    if p >= 0.995:
        return "1"
    return f"{p:.3f}".removeprefix("0") if p < 0.1 else f"{p:.2f}".removeprefix("0")


def duration_words(seconds: float) -> str:
    """In the unit that a person would use."""
    if seconds < 1:
        return "under 1 s"
    if seconds < 100:
        return f"{seconds:.0f} s"
    if seconds < 6000:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"
