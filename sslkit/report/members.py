"""A comparison as the report has it: members (data sets, or variants of one), their runs and figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from sslkit.report.files import Row
from sslkit.statistics import seed_means
from sslkit.types import SampleSpec

BASELINES = {  # name → in a sentence
    "random": "the random-init encoder",
    "handcrafted": "handcrafted features",
    "supervised": "supervised training from scratch",
}


@dataclass(frozen=True)
class RunRecord:
    """One run: a method under a seed.

    Attributes:
        training, monitor: lines of ``metrics.jsonl``, with and without a loss.
        cost: what it took, from its result.
        map_path, predictions_path: files that it left; None where there is none.
    """

    method: str
    seed: int
    training: list[dict[str, float]] = field(default_factory=list)
    monitor: list[dict[str, float]] = field(default_factory=list)
    cost: Mapping[str, float] = field(default_factory=dict)
    alarms: tuple[str, ...] = ()
    finished: bool = False
    map_path: Path | None = None
    predictions_path: Path | None = None

    @property
    def last_step(self) -> int:
        return int(max((line.get("step", 0) for line in [*self.training, *self.monitor]), default=0))


@dataclass(frozen=True)
class Member:
    """One data set (or variant of one) of the comparison.

    Attributes:
        facts: of the manifest.
        spec: of its samples; None where it is not written yet.
        rows: lines of ``results.csv``.
        not_finite: lines that are NaN or infinite: said, and left out.
        planned: methods of the config, whether they have begun or not.
        baseline_names: in the order in which tables show them.
    """

    name: str
    folder: Path
    facts: Mapping[str, Any]
    spec: SampleSpec | None
    class_names: tuple[str, ...]
    runs: list[RunRecord]
    rows: list[Row]
    not_finite: list[Row] = field(default_factory=list)
    planned: tuple[str, ...] = ()
    baseline_names: tuple[str, ...] = tuple(BASELINES)

    @property
    def primary_metric(self) -> str:
        return str(self.facts.get("primary_metric", "accuracy"))

    @property
    def network_evaluators(self) -> tuple[str, ...]:
        """Evaluators that train the network on, in the config's order."""
        return tuple(self.facts.get("network_evaluators") or ())

    @property
    def methods(self) -> list[str]:
        """Objectives by name, the one that the others are compared with last of them, then the baselines."""
        found = (
            {run.method for run in self.runs} | {row["objective"] for row in self.rows} | set(self.planned)
        )
        reference = self.baseline_objective
        objectives = sorted(found - set(self.baseline_names), key=lambda name: (name == reference, name))
        return objectives + [name for name in self.baseline_names if name in found]

    @property
    def objectives(self) -> list[str]:
        return [name for name in self.methods if name not in self.baseline_names]

    @property
    def baselines(self) -> list[str]:
        return [name for name in self.methods if name in self.baseline_names]

    @property
    def baseline_objective(self) -> str | None:
        return self.facts.get("baseline_objective")

    @cached_property
    def figures(self) -> dict[tuple[str, str, str], dict[int, float]]:
        """``(method, evaluator, labels per class)`` → seed → the primary metric's mean over draws."""
        found: dict[tuple[str, str, str], list[tuple[int, float]]] = {}
        for row in self.rows:
            if row["metric"] == self.primary_metric:
                key = (row["objective"], row["evaluator"], row["labels_per_class"])
                found.setdefault(key, []).append((row["seed"], row["value"]))
        return {key: seed_means(some) for key, some in found.items()}

    def runs_of(self, method: str) -> list[RunRecord]:
        """In the order of their seeds."""
        return sorted((run for run in self.runs if run.method == method), key=lambda run: run.seed)


@dataclass(frozen=True)
class Comparison:
    """All that the report tells; ``missing`` is what should be there and is not, in words."""

    name: str
    folder: Path
    manifest: Mapping[str, Any]
    members: list[Member]
    missing: tuple[str, ...] = ()

    @property
    def most_seeds(self) -> int:
        """The largest number of seeds of any method."""
        counts = (
            len({run.seed for run in member.runs_of(method)})
            for member in self.members
            for method in member.methods
        )
        return max(counts, default=0)
