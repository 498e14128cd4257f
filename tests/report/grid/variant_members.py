"""Members that are variants of one config, straight from figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sslkit.report.figures.columns import Column
from sslkit.report.grid.variants import VariantSet, variant_sets
from sslkit.report.members import Member

ALL = Column("linear", "all")
Accuracies = Mapping[str, Sequence[float] | np.ndarray]  # method → of seed 0, 1, …


def variant(
    name: str,
    values: Mapping[str, Any],
    accuracies: Accuracies,
    kind: str = "grid",
    few: Accuracies | None = None,
) -> Member:
    """A variant of ``watch`` with accuracies of the linear probe with all labels, and with 5 per class."""
    rows = [
        {"data": name, "objective": method, "seed": seed, "evaluator": "linear", "labels_per_class": labels,
         "draw": 0, "metric": "accuracy", "value": float(value)}
        for labels, some in (("all", accuracies), ("5", few or {}))
        for method, column in some.items()
        for seed, value in enumerate(column)
    ]  # fmt: skip
    facts = {"variant": {"of": "watch", "kind": kind, "values": values}, "baseline_objective": "simclr"}
    return Member(name, Path(name), facts, None, (), [], rows)


def one_set(*members: Member) -> VariantSet:
    (found,) = variant_sets(members)
    return found


def ablated(seeds: int = 5) -> tuple[dict[str, np.ndarray], list[Member]]:
    """Leaving out ``crop`` costs 10 points, ``blur`` nothing, ``gray`` gains 5 for byol only.

    Returns:
        Accuracies with all augmentations, and the members: all, then without each, then each only.
    """
    random = np.random.default_rng(0)
    whole = {name: 0.8 + 0.05 * random.normal(size=seeds) for name in ("byol", "simclr")}

    def changed(change: str, name: str, byol: float, simclr: float) -> Member:
        noise = 0.003 * random.normal(size=(2, seeds))
        shifted = {"byol": whole["byol"] + byol + noise[0], "simclr": whole["simclr"] + simclr + noise[1]}
        return variant(f"{change} {name}", {"change": change, "augmentation": name}, shifted, "ablation")

    return whole, [
        variant("all", {"change": "all", "augmentation": ""}, whole, "ablation"),
        changed("without", "blur", 0.0, 0.0),
        changed("without", "gray", 0.05, 0.0),
        changed("without", "crop", -0.1, -0.12),
        changed("only", "blur", -0.4, -0.4),
        changed("only", "gray", -0.3, -0.4),
        changed("only", "crop", -0.05, -0.1),
    ]
