"""A member whose encoder was fine-tuned, straight from figures."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from sslkit.report.members import Member

PROBE = np.array([0.50, 0.52, 0.51, 0.53, 0.52])
NOISE = np.array([0.004, -0.003, 0.002, -0.001, -0.002])


def tuned_figures(policy: str, gain: float) -> np.ndarray:
    """Accuracies of a policy that differs from the probe by ``gain`` and some noise of its own."""
    return PROBE + gain + NOISE * (1 + len(policy))


def tuned_member(gains: Mapping[tuple[str, str], float], counts: tuple[int, ...] = (200, 100)) -> Member:
    """BYOL with a linear probe and policies that differ from it by ``gains`` (policy, labels), and supervised."""

    def rows(method: str, evaluator: str, labels: str, values: np.ndarray) -> list[dict[str, Any]]:
        fixed = {
            "data": "d",
            "objective": method,
            "evaluator": evaluator,
            "labels_per_class": labels,
            "draw": 0,
        }
        return [{**fixed, "seed": s, "metric": "accuracy", "value": float(v)} for s, v in enumerate(values)]

    found: list[dict[str, Any]] = []
    for labels in dict.fromkeys(labels for _, labels in gains):
        found += rows("byol", "linear", labels, PROBE) + rows("supervised", "end-to-end", labels, PROBE - 0.1)
    for (policy, labels), gain in gains.items():
        found += rows("byol", policy, labels, tuned_figures(policy, gain))
    facts = {
        "network_evaluators": list(dict.fromkeys(policy for policy, _ in gains)),
        "composition": {"train": {"classes": list(counts)}},
    }
    return Member("d", Path("d"), facts, None, (), [], found)
