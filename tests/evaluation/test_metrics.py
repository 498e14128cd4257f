"""Accuracies against scikit-learn."""

import warnings

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, balanced_accuracy_score

from sslkit.errors import SSLKitError
from sslkit.evaluation.metrics import accuracy, balanced_accuracy


@pytest.mark.parametrize("seed", range(5))
def test_agree_with_scikit_learn(seed: int) -> None:
    random = np.random.default_rng(seed)
    scores, labels = random.normal(size=(50, 6)), random.choice([0, 0, 0, 1, 4], 50)  # 2, 3 and 5 never occur
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # predicted classes that do not occur
        assert balanced_accuracy(scores, labels) == pytest.approx(
            balanced_accuracy_score(labels, scores.argmax(1))
        )
    assert accuracy(scores, labels) == pytest.approx(accuracy_score(labels, scores.argmax(1)))


def test_ties_go_to_the_lowest_class() -> None:
    scores, labels = np.zeros((4, 3)), np.array([0, 0, 0, 2])
    assert accuracy(scores, labels) == 0.75
    assert balanced_accuracy(scores, labels) == 0.5


@pytest.mark.parametrize("figure", [accuracy, balanced_accuracy])
def test_bad_input(figure) -> None:
    labels = np.array([0, 1])
    with pytest.raises(SSLKitError, match="do not fit 2 labels"):
        figure(np.zeros((3, 2)), labels)
    with pytest.raises(SSLKitError, match="do not fit 0 labels"):
        figure(np.zeros((0, 2)), labels[:0])
    with pytest.raises(SSLKitError, match="NaN"):
        figure(np.array([[0, np.nan], [0, 1]]), labels)
    with pytest.raises(SSLKitError, match="2 classes"):
        figure(np.zeros((2, 2)), np.array([0, 2]))
