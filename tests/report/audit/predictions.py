"""Predictions with a known answer."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from sslkit.files import write_npz

SURE = 0.82  # confidence of every answer


def write_predictions(folder: Path, weak_class: int = 3, weak_group: int = 5) -> None:
    """Of 600 samples of ten classes and six groups: right always, but never in one group, half the time in a class."""
    labels, groups = np.arange(600) % 10, np.arange(600) // 10 % 6
    answers = labels.copy()
    answers[(labels == weak_class) & (np.arange(600) % 20 < 10)] = 6
    answers[groups == weak_group] = (labels[groups == weak_group] + 1) % 10
    scores = np.full((600, 10), (1 - SURE) / 9, np.float32)
    scores[np.arange(600), answers] = SURE
    arrays = {"scores": scores, "labels": labels, "groups": groups, "evaluator": np.array("linear")}
    write_npz(folder / "predictions.npz", {**arrays, "labels_per_class": np.array("all")})
