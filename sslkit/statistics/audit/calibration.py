"""Does a class probability of 0.8 come true in 80 of 100 cases?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

BINS = 10


@dataclass(frozen=True)
class ReliabilityBins:
    """Samples whose confidence falls into a bin: their mean confidence, share of right answers, and number."""

    confidence: np.ndarray
    right: np.ndarray
    count: np.ndarray


def probabilities(scores: np.ndarray) -> np.ndarray:
    """Class scores ``(N, K)`` as they are where rows are non-negative and sum to 1, else their softmax."""
    scores = np.asarray(scores, dtype=np.float64)
    if (scores >= 0).all() and np.allclose(scores.sum(axis=1), 1, atol=1e-3):
        return scores
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def reliability_bins(scores: np.ndarray, labels: np.ndarray, bins: int = BINS) -> ReliabilityBins:
    """Bins of equal width of the highest probability; empty ones are left out.

    Args:
        scores: probabilities ``(N, K)``.
        labels: ``(N,)``.
        bins: their number.
    """
    confidence = scores.max(axis=1)
    right = scores.argmax(axis=1) == labels
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    count = np.bincount(place, minlength=bins)
    kept = count > 0
    return ReliabilityBins(
        np.bincount(place, weights=confidence, minlength=bins)[kept] / count[kept],
        np.bincount(place, weights=right, minlength=bins)[kept] / count[kept],
        count[kept],
    )


def calibration_error(found: ReliabilityBins) -> float:
    """Expected calibration error: mean distance of confidence and truth, weighted with the bins' samples.

    Source: Naeini et al. 2015; ten bins of equal width as in Guo et al. 2017, arXiv 1706.04599.
    """
    return float((found.count * np.abs(found.confidence - found.right)).sum() / found.count.sum())


def brier_score(scores: np.ndarray, labels: np.ndarray) -> float:
    """Mean squared distance of the probabilities from the truth, summed over classes: 0 (perfect) … 2.

    Source: Brier 1950.
    """
    truth = np.eye(scores.shape[1])[labels]
    return float(np.square(scores - truth).sum(axis=1).mean())
