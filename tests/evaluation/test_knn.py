"""The kNN evaluator against a loop in numpy and against scikit-learn."""

import numpy as np
import pytest
from sklearn.neighbors import KNeighborsClassifier

from sslkit.evaluation import knn
from sslkit.evaluation.knn import WeightedKNN
from sslkit.types import Labelled

NOTHING = Labelled(np.empty((0, 8), np.float32), np.empty(0, np.int64))


@pytest.fixture
def problem() -> tuple[Labelled, np.ndarray]:
    random = np.random.default_rng(0)
    labels = random.integers(0, 4, 120)
    centres = random.normal(size=(4, 8))
    features = (centres[labels] + random.normal(size=(120, 8))).astype(np.float32)
    return Labelled(features[:90], labels[:90]), features[90:]


def loop(train: Labelled, test: np.ndarray, n_classes: int, k: int, temperature: float) -> np.ndarray:
    scores = np.zeros((len(test), n_classes))
    bank = train.features.astype(np.float64)
    for row, query in enumerate(test.astype(np.float64)):
        cosine = bank @ query / np.linalg.norm(bank, axis=1) / np.linalg.norm(query)
        for neighbour in np.argsort(-cosine)[:k]:
            scores[row, train.labels[neighbour]] += np.exp(cosine[neighbour] / temperature)
    return scores / scores.sum(axis=1, keepdims=True)


@pytest.mark.parametrize(("k", "temperature"), [(20, 0.07), (1, 0.07), (5, 1.0), (90, 0.5), (1000, 0.07)])
def test_agrees_with_a_loop(problem, k: int, temperature: float) -> None:
    train, test = problem
    scores = WeightedKNN(k, temperature).predict(train, NOTHING, test, 4)
    np.testing.assert_allclose(scores, loop(train, test, 4, k, temperature), atol=1e-5)


def test_agrees_with_scikit_learn(problem) -> None:
    train, test = problem
    reference = KNeighborsClassifier(
        20, metric="cosine", algorithm="brute", weights=lambda distance: np.exp((1 - distance) / 0.07)
    ).fit(train.features, train.labels)
    scores = WeightedKNN().predict(train, NOTHING, test, 4)
    np.testing.assert_allclose(scores, reference.predict_proba(test), atol=1e-5)


def test_chunks_change_nothing(problem, monkeypatch) -> None:
    train, test = problem
    whole = WeightedKNN().predict(train, NOTHING, test, 4)
    monkeypatch.setattr(knn, "CHUNK_ELEMENTS", 7 * len(train.features))
    np.testing.assert_allclose(WeightedKNN().predict(train, NOTHING, test, 4), whole, atol=1e-6)


def test_length_of_features_does_not_matter_and_zeros_are_finite(problem) -> None:
    train, test = problem
    scores = WeightedKNN().predict(train, NOTHING, test, 4)
    np.testing.assert_allclose(WeightedKNN().predict(train, NOTHING, 1000 * test, 4), scores, atol=1e-5)
    assert np.isfinite(WeightedKNN().predict(train, NOTHING, 0 * test, 4)).all()


def test_class_without_training_samples_gets_no_votes(problem) -> None:
    train, test = problem
    scores = WeightedKNN().predict(train, NOTHING, test, 6)
    assert scores.shape == (len(test), 6)
    assert (scores[:, 4:] == 0).all()


def test_small_temperature_is_the_nearest_neighbour(problem) -> None:
    train, test = problem
    scores = WeightedKNN(20, 1e-4).predict(train, NOTHING, test, 4)
    np.testing.assert_array_equal(scores.argmax(1), loop(train, test, 4, 1, 1.0).argmax(1))
