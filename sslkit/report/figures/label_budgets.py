"""Label budgets in words and in order: numbers per class, shares of the labels, all of them."""

from __future__ import annotations

import numpy as np

from sslkit.errors import SSLKitError
from sslkit.evaluation.labels import mean_labels
from sslkit.report.members import Member


def label_order(member: Member, labels: str) -> float:
    """Labels per class that a budget gives on average; ``all`` is the most.

    Where the manifest does not say how many labels there are, shares follow the numbers, by size.
    """
    counts = np.array(((member.facts.get("composition") or {}).get("train") or {}).get("classes") or ())
    if labels == "all":
        return float("inf")
    try:
        return mean_labels(counts, labels) if counts.any() else _order_without_counts(labels)
    except (SSLKitError, ValueError):
        return float("inf")


def _order_without_counts(labels: str) -> float:
    return 1e9 * (1 + float(labels[:-1])) if labels.endswith("%") else float(labels)


def axis_text(labels: str) -> str:
    """For an axis: ``10``, ``1 %``, ``all``."""
    return labels.replace("%", "\u00a0%")


def title_text(labels: str) -> str:
    """For a table's head: ``10 / class``, ``1 % of labels``, ``all labels``."""
    if labels == "all":
        return "all labels"
    return f"{axis_text(labels)} of labels" if labels.endswith("%") else f"{labels} / class"


def sentence_text(labels: str) -> str:
    """In a sentence: ``10 labels per class``, ``1 % of the labels``, ``all labels``."""
    if labels == "all":
        return "all labels"
    if labels.endswith("%"):
        return f"{axis_text(labels)} of the labels"
    return f"{labels} label{'s' if labels != '1' else ''} per class"
