"""A data set of a comparison straight from figures, without files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from sslkit.report.members import Member, RunRecord


def fake_member(
    figures: Mapping[str, Sequence[float]],
    name: str = "d",
    labels: Sequence[str] = ("all",),
    classes: Sequence[str] = (),
    geometry: Mapping[str, Sequence[float]] | None = None,
    runs: Sequence[RunRecord] = (),
) -> Member:
    """A member with the same ``figures`` (method → accuracy of every seed) at all label budgets.

    ``geometry``: method → effective rank of every seed.
    """

    def row(method: str, seed: int, evaluator: str, budget: str, metric: str, value: float) -> dict:
        return {
            "data": name, "objective": method, "seed": seed, "evaluator": evaluator, "labels_per_class": budget,
            "draw": 0, "metric": metric, "value": value,
        }  # fmt: skip

    rows = [
        row(method, seed, "end-to-end" if method == "supervised" else "linear", budget, "accuracy", value)
        for method, values in figures.items()
        for budget in labels
        for seed, value in enumerate(values)
    ]
    rows += [
        row(method, seed, "geometry", "all", "effective_rank", value)
        for method, values in (geometry or {}).items()
        for seed, value in enumerate(values)
    ]
    facts = {"baseline_objective": "simclr"}
    return Member(name, Path(name), facts, None, tuple(classes), list(runs), rows)
