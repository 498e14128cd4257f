"""Members of a comparison that are variants of one config: the points of a grid, the members of an ablation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sslkit.report.figures.columns import Column, asked_columns
from sslkit.report.figures.words import metric_words
from sslkit.report.members import Member


@dataclass(frozen=True)
class VariantSet:
    """The variants of one member, in the study's order; ``kind`` is ``grid`` or ``ablation``."""

    of: str
    kind: str
    members: list[Member]

    @property
    def columns(self) -> list[Column]:
        """What is asked first: the probe with all labels and with the fewest."""
        return next((found for member in self.members if (found := asked_columns(member))), [])

    @property
    def methods(self) -> list[str]:
        return list(dict.fromkeys(name for member in self.members for name in member.methods))

    @property
    def objectives(self) -> list[str]:
        return list(dict.fromkeys(name for member in self.members for name in member.objectives))

    @property
    def metric(self) -> str:
        return metric_words(self.members[0].primary_metric)


def is_variant(member: Member) -> bool:
    """A point of a grid or a member of an ablation, not a data set of its own."""
    return bool(member.facts.get("variant"))


def varied_values(member: Member) -> Mapping[str, Any]:
    """What was varied, with this member's values."""
    return dict(member.facts["variant"]["values"])


def variant_sets(members: Iterable[Member]) -> list[VariantSet]:
    """Variants by the member that they were made of."""
    found: dict[tuple[str, str], list[Member]] = {}
    for member in filter(is_variant, members):
        variant = member.facts["variant"]
        found.setdefault((variant["of"], variant["kind"]), []).append(member)
    return [VariantSet(of, kind, some) for (of, kind), some in found.items()]
