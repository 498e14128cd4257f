"""Each method's saved predictions of the test part, taken apart: by class and group, calibration, confusion."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sslkit.report.files import load_arrays
from sslkit.report.members import Member
from sslkit.statistics.audit import breakdown
from sslkit.statistics.audit.breakdown import Subgroup
from sslkit.statistics.audit.calibration import (
    ReliabilityBins,
    brier_score,
    calibration_error,
    reliability_bins,
)

NEEDED = {"scores", "labels", "evaluator", "labels_per_class"}


@dataclass(frozen=True)
class Audit:
    """One method's predictions of the test part, of all its seeds.

    Attributes:
        evaluator, labels_per_class: whose predictions, after fitting with how many labels.
        confusion: counts, rows are true classes, the mean over seeds.
        calibration_error, brier: means over seeds.
        reliability: of all seeds' predictions together.
    """

    method: str
    evaluator: str
    labels_per_class: str
    seeds: int
    overall: Subgroup
    classes: list[Subgroup]
    groups: list[Subgroup]
    confusion: np.ndarray
    calibration_error: float
    brier: float
    reliability: ReliabilityBins


def audits_of(member: Member) -> list[Audit]:
    """Of every method whose runs left predictions; damaged files, and those of other test samples, are left out."""
    found = (_audit(member, method) for method in member.methods)
    return [item for item in found if item is not None]


def _is_whole(arrays: Mapping[str, np.ndarray]) -> bool:
    """Scores of all classes for each label, and a group each where there are any."""
    scores, labels, groups = arrays.get("scores"), arrays.get("labels"), arrays.get("groups")
    if scores is None or labels is None or not arrays.keys() >= NEEDED:
        return False
    return (
        (scores.ndim, labels.ndim, len(scores)) == (2, 1, len(labels))
        and scores.size > 0
        and (scores.dtype.kind, labels.dtype.kind) == ("f", "i")
        and bool(((labels >= -1) & (labels < scores.shape[1])).all())
        and (groups is None or (groups.shape == labels.shape and groups.dtype.kind == "i"))
        and arrays["evaluator"].ndim == arrays["labels_per_class"].ndim == 0
    )


def _audit(member: Member, method: str) -> Audit | None:
    paths = [run.predictions_path for run in member.runs_of(method) if run.predictions_path]
    runs = [arrays for path in paths if _is_whole(arrays := load_arrays(path))]
    if not runs:
        return None
    first = runs[0]
    runs = [arrays for arrays in runs if np.array_equal(arrays["labels"], first["labels"])]
    labels, groups, scores = first["labels"], first.get("groups"), [arrays["scores"] for arrays in runs]
    right = breakdown.rightness(scores, labels)
    classes = max(scores[0].shape[1], len(member.class_names))
    return Audit(
        method,
        str(first["evaluator"]),
        str(first["labels_per_class"]),
        len(runs),
        breakdown.whole_test_part(right, groups),
        breakdown.class_subgroups(right, labels, groups),
        breakdown.group_subgroups(right, groups) if groups is not None else [],
        breakdown.confusion_counts(scores, labels, classes),
        float(np.mean([calibration_error(reliability_bins(item, labels)) for item in scores])),
        float(np.mean([brier_score(item, labels) for item in scores])),
        reliability_bins(np.concatenate(scores), np.tile(labels, len(scores))),
    )


def best_audit(found: list[Audit]) -> Audit:
    """Of the method that is right most often."""
    return max(found, key=lambda item: item.overall.share)
