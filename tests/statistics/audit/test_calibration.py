"""Calibration against scikit-learn and known answers."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import softmax
from sklearn.calibration import calibration_curve
from sklearn.metrics import brier_score_loss

from sslkit.statistics.audit.calibration import (
    brier_score,
    calibration_error,
    probabilities,
    reliability_bins,
)


def test_scores_become_probabilities() -> None:
    logits = np.random.default_rng(0).normal(size=(50, 5)) * 4
    np.testing.assert_allclose(probabilities(logits), softmax(logits, axis=1))
    given = softmax(logits, axis=1)
    np.testing.assert_array_equal(probabilities(given), given)


def test_reliability_is_scikit_learns_curve() -> None:
    random = np.random.default_rng(1)
    p = random.uniform(0.5, 1, 2000)
    labels = (random.uniform(size=2000) > p**2).astype(int)
    found = reliability_bins(np.stack([p, 1 - p], axis=1), labels)
    right, confidence = calibration_curve(labels == 0, p, n_bins=10)
    np.testing.assert_allclose(found.right, right)
    np.testing.assert_allclose(found.confidence, confidence)


def test_calibration_error_of_known_answers() -> None:
    random = np.random.default_rng(2)
    p = random.uniform(0.5, 1, 200_000)
    scores = np.stack([p, 1 - p], axis=1)
    honest = (random.uniform(size=len(p)) > p).astype(int)
    assert calibration_error(reliability_bins(scores, honest)) < 0.01
    coin = random.integers(0, 2, len(p))
    assert calibration_error(reliability_bins(scores, coin)) == pytest.approx(0.25, abs=0.01)


def test_brier_is_scikit_learns() -> None:
    random = np.random.default_rng(3)
    p, labels = random.uniform(size=300), random.integers(0, 2, 300)
    scores = np.stack([1 - p, p], axis=1)
    assert brier_score(scores, labels) == pytest.approx(2 * brier_score_loss(labels, p))
    assert brier_score(np.eye(3), np.arange(3)) == 0
