"""Paired differences between methods, corrected (Holm) with the others that are read beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sslkit.pages.numbers import Numbers, interval_percent, percent
from sslkit.report.figures.columns import Column, SeedFigures, asked_columns, column_figures
from sslkit.report.members import Member
from sslkit.statistics import Difference, Outcome, correct, paired_difference

_HEADER = (
    "first", "second", "evaluator", "labels_per_class", "points", "low", "high", "p", "p_corrected", "effect_dz",
    "seeds",
)  # fmt: skip


@dataclass(frozen=True)
class MethodDifference:
    """A paired difference, ``first`` - ``second``, corrected with the others of its family."""

    first: str
    second: str
    column: Column
    difference: Difference

    @property
    def name(self) -> str:
        return f"{self.first} − {self.second}"

    @property
    def outcome(self) -> Outcome:
        return self.difference.outcome


def method_pairs(member: Member) -> list[tuple[str, str]]:
    """Each objective against the baseline objective, then against the baselines."""
    reference = member.baseline_objective
    return [
        (objective, other)
        for objective in member.objectives
        for other in [*([reference] if reference in member.objectives else []), *member.baselines]
        if other is not None and other != objective
    ]


def method_differences(member: Member, column: Column) -> list[MethodDifference]:
    """The differences in one column; those without a common seed are left out.

    Corrected as one family: all differences of the columns that are asked about, so that a data set's whole verdict
    holds at 5 %; those of any other column on their own.
    """
    asked = asked_columns(member)
    family = [
        item for other in (asked if column in asked else [column]) for item in _uncorrected(member, other)
    ]
    corrected = correct([item.difference for item in family])
    found = (replace(item, difference=difference) for item, difference in zip(family, corrected, strict=True))
    return [item for item in found if item.column == column]


def _uncorrected(member: Member, column: Column) -> list[MethodDifference]:
    found = []
    for first, second in method_pairs(member):
        one, other = column_figures(member, first, column), column_figures(member, second, column)
        if one.keys() & other.keys():
            found.append(MethodDifference(first, second, column, paired_difference(one, other)))
    return found


def corrected_differences(pairs: Sequence[tuple[SeedFigures, SeedFigures]]) -> list[Difference | None]:
    """Paired differences that answer one question, corrected together; None where no seed has both."""
    possible = [index for index, (one, other) in enumerate(pairs) if one.keys() & other.keys()]
    corrected = correct([paired_difference(*pairs[index]) for index in possible])
    found: list[Difference | None] = [None] * len(pairs)
    for index, difference in zip(possible, corrected, strict=True):
        found[index] = difference
    return found


def difference_numbers(found: Sequence[MethodDifference]) -> Numbers:
    """Paired differences in percentage points, as CSV has them."""
    rows = [
        (
            item.first,
            item.second,
            item.column.evaluator,
            item.column.labels,
            percent(item.difference.mean),
            *interval_percent(item.difference.interval),
            item.difference.p,
            item.difference.p_corrected,
            item.difference.effect,
            item.difference.n,
        )
        for item in found
    ]
    return Numbers(_HEADER, rows)
