"""The numbers of the report: means over seeds, paired differences, cost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from sslkit.comparison.report.read import Comparison, Member
from sslkit.comparison.statistics import (
    Difference,
    Summary,
    by_seed,
    paired_difference,
    summarise,
    verdict,
)

Outcome = Literal["won", "lost", "even", "open"]
PROBE, END_TO_END = "linear", "end-to-end"
_TITLES = {PROBE: "Linear probe", "knn": "kNN", END_TO_END: "Trained end to end"}


@dataclass(frozen=True)
class Column:
    """Figures that compare with each other: one evaluator, so many labels per class (or ``all``)."""

    evaluator: str
    labels: str
    first: bool = False  # of its evaluator

    @property
    def title(self) -> str:
        return "all labels" if self.labels == "all" else f"{self.labels} / class"

    @property
    def group(self) -> str:
        return _TITLES.get(self.evaluator, self.evaluator)

    @property
    def condition(self) -> str:
        return "With all labels" if self.labels == "all" else f"With {self.labels} labels per class"


@dataclass(frozen=True)
class Pair:
    """A paired difference: ``first`` - ``second``."""

    first: str
    second: str
    column: Column
    difference: Difference

    @property
    def name(self) -> str:
        return f"{self.first} − {self.second}"

    @property
    def outcome(self) -> Outcome:
        """``open`` with one seed, ``even`` where the interval spans zero."""
        if self.difference.interval is None:
            return "open"
        low, high = self.difference.interval
        return "won" if low > 0 else "lost" if high < 0 else "even"

    @property
    def sentence(self) -> str:
        return verdict(self.first, self.second, self.difference)


@dataclass(frozen=True)
class Cell:
    """What a table shows, ready to print; ``value`` is what it sorts by."""

    text: str = ""
    spread: str = ""
    range: str = ""
    value: str = ""
    n: int = 0
    sure: bool = False
    verdict: str = ""


def columns_of(member: Member) -> list[Column]:
    """The linear probe first, most labels first; end-to-end training stands beside it at the same labels."""
    found = {
        (_column_evaluator(row), row["labels_per_class"])
        for row in member.rows
        if row["metric"] == member.primary_metric and row["evaluator"] != "geometry"
    }
    ordered = sorted(found, key=lambda key: (key[0] != PROBE, key[0], -label_order(key[1]), key[1]))
    return [
        Column(evaluator, labels, first=index == 0 or ordered[index - 1][0] != evaluator)
        for index, (evaluator, labels) in enumerate(ordered)
    ]


def asked_columns(member: Member) -> list[Column]:
    """What a reader asks first: the linear probe with all labels and with the fewest."""
    columns = columns_of(member)
    probes = [column for column in columns if column.evaluator == PROBE] or columns[:1]
    return probes[:1] + probes[1:][-1:]


def label_order(labels: str) -> float:
    """Numbers by size, ``all`` last."""
    try:
        return float(labels)
    except ValueError:
        return float("inf")


def _column_evaluator(row: Mapping[str, object]) -> str:
    return PROBE if row["evaluator"] == END_TO_END else str(row["evaluator"])


def figures(member: Member, method: str, column: Column) -> dict[int, float]:
    """Seed → the primary metric's mean over draws."""
    own = [
        row
        for row in member.rows
        if row["objective"] == method
        and row["labels_per_class"] == column.labels
        and row["metric"] == member.primary_metric
    ]
    evaluators = (PROBE, END_TO_END) if column.evaluator == PROBE else (column.evaluator,)
    for evaluator in evaluators:
        found = by_seed((row["seed"], row["value"]) for row in own if row["evaluator"] == evaluator)
        if found:
            return found
    return {}


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


def pair(member: Member, first: str, second: str, column: Column) -> Pair | None:
    """Their paired difference in one column, None where no seed has both."""
    one, other = figures(member, first, column), figures(member, second, column)
    if not one.keys() & other.keys():
        return None
    return Pair(first, second, column, paired_difference(one, other))


def pairs(member: Member, column: Column) -> list[Pair]:
    found = (pair(member, first, second, column) for first, second in pair_names(member))
    return [item for item in found if item is not None]


def figure_cell(found: Summary | None) -> Cell:
    """``89.1 ± 0.8``."""
    if found is None:
        return Cell()
    spread = "" if found.spread is None else f"{100 * found.spread:.1f}"
    return Cell(text=f"{100 * found.mean:.1f}", spread=spread, value=f"{found.mean:.6f}", n=found.n)


def pair_cell(found: Pair | None) -> Cell:
    """``+3.1`` with its interval below; ``sure`` where that does not span zero."""
    if found is None:
        return Cell()
    interval = found.difference.interval
    return Cell(
        text=signed_points(found.difference.mean),
        range="one seed"
        if interval is None
        else f"{signed_points(interval[0])} … {signed_points(interval[1])}",
        n=found.difference.n,
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


def cost_cells(member: Member, method: str) -> list[Cell]:
    """Means over seeds in the order of ``COSTS``."""
    cells = []
    for key, _, words in COSTS:
        values = [
            run.cost[key] for run in member.runs_of(method) if run.finished and run.cost.get(key) is not None
        ]
        mean = float(np.mean(values)) if values else np.nan
        known = np.isfinite(mean) and (mean > 0 or key == "seconds")
        cells.append(Cell(text=words(mean), value=f"{mean:.6g}", n=len(values)) if known else Cell())
    return cells


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
    text = f"{100 * fraction:+.1f}"
    return "0.0" if float(text) == 0 else text.replace("-", "−")


def _parameters(count: float) -> str:
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if count >= size:
            return f"{count / size:.2f} {letter}"
    return f"{count:.0f}"
