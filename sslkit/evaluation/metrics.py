"""Figures of class scores."""

from __future__ import annotations

import numpy as np

from sslkit.errors import SSLKitError


def accuracy(scores: np.ndarray, labels: np.ndarray) -> float:
    """Share of samples whose highest score is their label's; of equal scores the lowest class counts.

    Args:
        scores: ``(N, n_classes)``, finite or -inf.
        labels: ``(N,)`` in 0 … n_classes - 1.

    Raises:
        SSLKitError: no sample, NaN scores, or scores that do not fit the labels.
    """
    return float(np.mean(_predicted(scores, labels) == labels))


def balanced_accuracy(scores: np.ndarray, labels: np.ndarray) -> float:
    """Mean over the classes that occur in ``labels`` of the share of their samples that are right.

    Args and errors as ``accuracy``.
    """
    right = (_predicted(scores, labels) == labels).astype(np.float64)
    count = np.bincount(labels)
    recall = np.bincount(labels, weights=right)[count > 0] / count[count > 0]
    return float(recall.mean())


def _predicted(scores: np.ndarray, labels: np.ndarray) -> np.ndarray:
    if scores.ndim != 2 or len(scores) != len(labels) or len(labels) == 0:
        raise SSLKitError(
            f"class scores {scores.shape} do not fit {len(labels)} labels: expected (N, n_classes)."
        )
    if np.isnan(scores).any():
        raise SSLKitError("class scores are NaN: the evaluator's fit has diverged.")
    if labels.min() < 0 or labels.max() >= scores.shape[1]:
        raise SSLKitError(
            f"labels {labels.min()} … {labels.max()} do not fit scores of {scores.shape[1]} classes."
        )
    predicted: np.ndarray = scores.argmax(axis=1)
    return predicted


METRICS = {"accuracy": accuracy, "balanced_accuracy": balanced_accuracy}
