"""Columns: figures that compare with each other, of one evaluator at one label budget."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sslkit.report.figures import label_budgets
from sslkit.report.members import Member
from sslkit.statistics import Summary, summarise

PROBE, END_TO_END, FEW = "linear", "end-to-end", "10"
_TITLES = {PROBE: "Linear probe", "knn": "kNN", END_TO_END: "Trained end to end"}

SeedFigures = Mapping[int, float]  # seed → the primary metric's mean over draws, a fraction


@dataclass(frozen=True)
class Column:
    """One evaluator, so many labels per class (or ``all``)."""

    evaluator: str
    labels: str
    first: bool = False  # of its evaluator

    @property
    def title(self) -> str:
        return label_budgets.title_text(self.labels)

    @property
    def group(self) -> str:
        return _TITLES.get(self.evaluator, self.evaluator)

    @property
    def condition(self) -> str:
        return f"With {label_budgets.sentence_text(self.labels)}"


def columns_of(member: Member) -> list[Column]:
    """The linear probe first, most labels first; end-to-end training stands beside it at the same labels.

    Evaluators that train the network have a table of their own, unless there are no others.
    """
    found = {
        (PROBE if evaluator == END_TO_END else evaluator, labels) for _, evaluator, labels in member.figures
    }
    found = {key for key in found if key[0] not in member.network_evaluators} or found
    ordered = sorted(
        found, key=lambda key: (key[0] != PROBE, key[0], -label_budgets.label_order(member, key[1]), key[1])
    )
    return [
        Column(evaluator, labels, first=index == 0 or ordered[index - 1][0] != evaluator)
        for index, (evaluator, labels) in enumerate(ordered)
    ]


def asked_columns(member: Member) -> list[Column]:
    """What a reader asks first: the linear probe with all labels, and with few: 10 per class, or else the fewest."""
    columns = columns_of(member)
    probes = [column for column in columns if column.evaluator == PROBE] or columns[:1]
    few = [column for column in probes[1:] if column.labels == FEW] or probes[1:][-1:]
    return probes[:1] + few


def column_figures(member: Member, method: str, column: Column) -> SeedFigures:
    """Of a method; training end to end stands in the probe's columns."""
    found = member.figures.get((method, column.evaluator, column.labels), {})
    return found or (
        member.figures.get((method, END_TO_END, column.labels), {}) if column.evaluator == PROBE else {}
    )


def column_summary(member: Member, method: str, column: Column) -> Summary | None:
    """Mean and spread over seeds, None without any."""
    found = column_figures(member, method, column)
    return summarise(found) if found else None


def trained_end_to_end(member: Member, method: str) -> bool:
    """The whole network was trained with the labels."""
    return any(row["evaluator"] == END_TO_END for row in member.rows if row["objective"] == method)
