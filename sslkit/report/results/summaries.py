"""The numbers of the report: means over seeds, paired differences, cost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from sslkit.report.read import Comparison, Member
from sslkit.report.results import label_budgets
from sslkit.report.results.label_budgets import label_order
from sslkit.statistics import Difference, Outcome, Summary, correct, paired_difference, summarise

PROBE, END_TO_END, FEW = "linear", "end-to-end", "10"
_TITLES = {PROBE: "Linear probe", "knn": "kNN", END_TO_END: "Trained end to end"}


@dataclass(frozen=True)
class Column:
    """Figures that compare with each other: one evaluator, so many labels per class (or ``all``)."""

    evaluator: str
    labels: str
    first: bool = False  # of its evaluator

    @property
    def title(self) -> str:
        return label_budgets.title(self.labels)

    @property
    def group(self) -> str:
        return _TITLES.get(self.evaluator, self.evaluator)

    @property
    def condition(self) -> str:
        return f"With {label_budgets.plain(self.labels)}"


@dataclass(frozen=True)
class Pair:
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


@dataclass(frozen=True)
class TableCell:
    """What a table shows, ready to print; ``value`` is what it sorts by."""

    text: str = ""
    spread: str = ""
    range: str = ""
    chance: str = ""
    value: str = ""
    n: int = 0
    sure: bool = False
    verdict: str = ""


def columns_of(member: Member) -> list[Column]:
    """The linear probe first, most labels first; end-to-end training stands beside it at the same labels.

    Evaluators that train the network have a table of their own, unless there are no others.
    """
    found = {
        (PROBE if evaluator == END_TO_END else evaluator, labels) for _, evaluator, labels in member.figures
    }
    found = {key for key in found if key[0] not in member.network_evaluators} or found
    ordered = sorted(found, key=lambda key: (key[0] != PROBE, key[0], -label_order(member, key[1]), key[1]))
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


def figures(member: Member, method: str, column: Column) -> dict[int, float]:
    """Seed → the primary metric's mean over draws."""
    found = member.figures.get((method, column.evaluator, column.labels), {})
    return found or (
        member.figures.get((method, END_TO_END, column.labels), {}) if column.evaluator == PROBE else {}
    )


def trained_end_to_end(member: Member, method: str) -> bool:
    return any(row["evaluator"] == END_TO_END for row in member.rows if row["objective"] == method)


def summary(member: Member, method: str, column: Column) -> Summary | None:
    """Mean and spread over seeds, None without any."""
    found = figures(member, method, column)
    return summarise(found) if found else None


def pair_names(member: Member) -> list[tuple[str, str]]:
    """Each objective against the baseline objective, then against the baselines."""
    reference = member.baseline_objective
    return [
        (objective, other)
        for objective in member.objectives
        for other in [*([reference] if reference in member.objectives else []), *member.baselines]
        if other is not None and other != objective
    ]


def pairs(member: Member, column: Column) -> list[Pair]:
    """The differences in one column; those without a common seed are left out.

    Corrected as one family: all differences of the columns that are asked about, so that a data set's whole verdict
    holds at 5 %; those of any other column on their own.
    """
    asked = asked_columns(member)
    family = [item for other in (asked if column in asked else [column]) for item in _pairs(member, other)]
    corrected = correct([item.difference for item in family])
    found = (replace(item, difference=difference) for item, difference in zip(family, corrected, strict=True))
    return [item for item in found if item.column == column]


def _pairs(member: Member, column: Column) -> list[Pair]:
    found = []
    for first, second in pair_names(member):
        one, other = figures(member, first, column), figures(member, second, column)
        if one.keys() & other.keys():
            found.append(Pair(first, second, column, paired_difference(one, other)))
    return found


def figure_cell(found: Summary | None) -> TableCell:
    """``89.1 ± 0.8``."""
    if found is None:
        return TableCell()
    spread = "" if found.spread is None else f"{100 * found.spread:.1f}"
    return TableCell(text=f"{100 * found.mean:.1f}", spread=spread, value=f"{found.mean:.6f}", n=found.n)


def pair_cell(found: Pair | None) -> TableCell:
    """``+3.1``, its interval and its p-values below; ``sure`` where it is no chance."""
    if found is None:
        return TableCell()
    difference = found.difference
    return TableCell(
        text=signed_points(difference.mean),
        range=interval_words(difference.interval),
        chance=""
        if difference.p is None
        else f"p {p_words(difference.p)} → {p_words(difference.p_corrected)}",
        value=f"{difference.mean:.6f}",
        n=difference.n,
        sure=found.outcome in ("won", "lost"),
        verdict=found.outcome,
    )


COSTS: tuple[tuple[str, str, Callable[[float], str]], ...] = (
    ("seconds", "time a run", lambda value: duration(value)),
    ("samples_per_second", "samples / s", lambda value: f"{value:,.0f}"),
    ("peak_memory_mb", "peak memory", lambda value: f"{value:,.0f} MB"),
    ("parameters", "parameters", lambda value: _parameters(value)),
    ("steps", "steps", lambda value: f"{value:,.0f}"),
    ("samples_seen", "samples seen", lambda value: f"{value:,.0f}"),
)


def cost_cells(member: Member, method: str) -> list[TableCell]:
    """Means over seeds in the order of ``COSTS``."""
    cells = []
    for key, _, words in COSTS:
        values = [
            run.cost[key] for run in member.runs_of(method) if run.finished and run.cost.get(key) is not None
        ]
        mean = float(np.mean(values)) if values else np.nan
        known = np.isfinite(mean) and (mean > 0 or key == "seconds")
        cells.append(
            TableCell(text=words(mean), value=f"{mean:.6g}", n=len(values)) if known else TableCell()
        )
    return cells


def cost_words(member: Member, method: str) -> str:
    """``61 s for 163,840 samples`` of a method that was trained, else nothing."""
    cells = dict(zip((key for key, _, _ in COSTS), cost_cells(member, method), strict=True))
    seen, seconds = cells["samples_seen"].text, cells["seconds"].text
    return f"{seconds} for {seen} samples" if seen and seconds else ""


def duration(seconds: float) -> str:
    """In the unit that a person would use."""
    if seconds < 1:
        return "under 1 s"
    if seconds < 100:
        return f"{seconds:.0f} s"
    if seconds < 6000:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"


def seeds_of(comparison: Comparison) -> int:
    """The largest number of seeds of any method."""
    return max(
        (
            len({run.seed for run in member.runs_of(method)})
            for member in comparison.members
            for method in member.methods
        ),
        default=0,
    )


def signed_points(fraction: float) -> str:
    """``+3.1``: a fraction in percentage points."""
    return signed(100 * fraction)


def signed(number: float) -> str:
    """``+3.1``, with a true minus, and 0.0 without a sign."""
    text = f"{number:+.1f}"
    return "0.0" if float(text) == 0 else text.replace("-", "−")


def interval_words(interval: tuple[float, float] | None) -> str:
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


def _parameters(count: float) -> str:
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if count >= size:
            return f"{count / size:.2f} {letter}"
    return f"{count:.0f}"
