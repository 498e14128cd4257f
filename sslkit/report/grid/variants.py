"""Members of a comparison that are variants of one config: the points of a grid, the members of an ablation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sslkit.report.read import Member
from sslkit.report.results import summaries
from sslkit.statistics import Difference, correct, mean_interval, paired_difference

Figures = Mapping[int, float]  # seed → the primary metric


@dataclass(frozen=True)
class Family:
    """The variants of one member, in the study's order; ``kind`` is ``grid`` or ``ablation``."""

    of: str
    kind: str
    members: list[Member]

    @property
    def columns(self) -> list[summaries.Column]:
        """What is asked first: the probe with all labels and with the fewest."""
        return next((found for member in self.members if (found := summaries.asked_columns(member))), [])

    @property
    def methods(self) -> list[str]:
        return list(dict.fromkeys(name for member in self.members for name in member.methods))

    @property
    def objectives(self) -> list[str]:
        return list(dict.fromkeys(name for member in self.members for name in member.objectives))

    @property
    def metric(self) -> str:
        return self.members[0].primary_metric.replace("_", " ")


def is_variant(member: Member) -> bool:
    return bool(member.facts.get("variant"))


def values_of(member: Member) -> Mapping[str, Any]:
    """What was varied, with this member's values."""
    return dict(member.facts["variant"]["values"])


def families(members: Iterable[Member]) -> list[Family]:
    """Variants by the member that they were made of."""
    found: dict[tuple[str, str], list[Member]] = {}
    for member in filter(is_variant, members):
        variant = member.facts["variant"]
        found.setdefault((variant["of"], variant["kind"]), []).append(member)
    return [Family(of, kind, some) for (of, kind), some in found.items()]


def interval_of(figures: Figures) -> tuple[float, float] | None:
    """95 % interval of the mean over seeds, within what a fraction can be; None with one seed."""
    if len(figures) < 2:
        return None
    low, high = mean_interval(np.array(list(figures.values())))
    return max(low, 0.0), min(high, 1.0)


def mean_of(figures: Figures) -> float:
    return float(np.mean(list(figures.values())))


def point_cell(figures: Figures) -> summaries.TableCell:
    """``89.1`` with the interval of the mean below."""
    if not figures:
        return summaries.TableCell()
    mean, interval = mean_of(figures), interval_of(figures)
    words = "one seed" if interval is None else f"{100 * interval[0]:.1f} … {100 * interval[1]:.1f}"
    return summaries.TableCell(text=f"{100 * mean:.1f}", range=words, value=f"{mean:.6f}", n=len(figures))


def difference_cell(found: Difference | None) -> summaries.TableCell:
    """``+3.1`` with its interval below; bold where it is no chance."""
    if found is None:
        return summaries.TableCell()
    return summaries.TableCell(
        text=summaries.signed_points(found.mean),
        range=summaries.interval_words(found.interval),
        value=f"{found.mean:.6f}",
        n=found.n,
        sure=found.outcome in ("won", "lost"),
        verdict=found.outcome,
    )


def compared(pairs: Sequence[tuple[Figures, Figures]]) -> list[Difference | None]:
    """Paired differences that answer one question, corrected together; None where no seed has both."""
    possible = [index for index, (one, other) in enumerate(pairs) if one.keys() & other.keys()]
    corrected = correct([paired_difference(*pairs[index]) for index in possible])
    found: list[Difference | None] = [None] * len(pairs)
    for index, difference in zip(possible, corrected, strict=True):
        found[index] = difference
    return found


def room_for(
    means: Sequence[float], intervals: Sequence[tuple[float, float] | None]
) -> tuple[float, float, bool]:
    """Limits of an axis in points, and whether intervals (of few seeds) run off it."""
    low, high = 100 * min(means), 100 * max(means)
    margin = max(high - low, 4.0)
    ends = [100 * end for pair in intervals if pair for end in pair]
    wanted = (min([low, *ends]), max([high, *ends]))
    kept = (max(wanted[0], low - margin), min(wanted[1], high + margin))
    edge = 0.06 * (kept[1] - kept[0]) or 1.0
    return kept[0] - edge, kept[1] + edge, kept != wanted
