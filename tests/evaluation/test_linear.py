"""The linear probe against scikit-learn fits made one by one."""

import warnings

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sslkit.errors import SSLKitError
from sslkit.evaluation.linear import LinearProbe
from sslkit.types import Labelled


def parts(
    seed: int = 0, n_classes: int = 3, width: int = 20
) -> tuple[Labelled, Labelled, np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    labels = np.arange(240) % n_classes
    centres = random.normal(size=(n_classes, width))
    features = (0.7 * centres[labels] + random.normal(size=(240, width))).astype(np.float32)
    features = features * np.logspace(-3, 3, width, dtype=np.float32) + 5
    train, validation = Labelled(features[:60], labels[:60]), Labelled(features[60:120], labels[60:120])
    return train, validation, features[120:], labels[120:]


@pytest.mark.parametrize("seed", range(3))
def test_agrees_with_separate_fits_and_the_choice_by_validation(seed: int) -> None:
    train, validation, test, _ = parts(seed)
    grid = (1e-3, 1e-1, 10.0)
    models = [
        make_pipeline(StandardScaler(), LogisticRegression(C=c, max_iter=5000, tol=1e-8)).fit(
            train.features.astype(np.float64), train.labels
        )
        for c in grid
    ]
    figures = [balanced_accuracy_score(validation.labels, m.predict(validation.features)) for m in models]
    best = models[int(np.argmax(figures))]  # the first of equals: the strongest regularisation
    scores = LinearProbe(c=(10.0, 1e-3, 1e-1)).predict(train, validation, test, 3)
    np.testing.assert_allclose(scores, best.predict_proba(test), atol=5e-3)


def test_ties_go_to_the_strongest_regularisation() -> None:
    train = Labelled(np.array([[-1.0], [-2.0], [1.0], [2.0]], np.float32), np.array([0, 0, 1, 1]))
    scores = LinearProbe(c=(100.0, 1e-2)).predict(train, train, train.features, 2)
    expected = LinearProbe(c=(1e-2,)).predict(train, train, train.features, 2)
    np.testing.assert_array_equal(scores, expected)


def test_test_features_do_not_influence_the_fit() -> None:
    train, validation, test, _ = parts()
    whole = LinearProbe().predict(train, validation, test, 3)
    np.testing.assert_allclose(LinearProbe().predict(train, validation, test[:5], 3), whole[:5], rtol=1e-9)


def test_learns_what_can_be_learnt() -> None:
    train, validation, test, truth = parts()
    assert (LinearProbe().predict(train, validation, test, 3).argmax(1) == truth).mean() > 0.8


def test_constant_features_and_absent_classes() -> None:
    train, validation, test, _ = parts()
    padded = [
        np.pad(x, ((0, 0), (0, 2)), constant_values=0.1) for x in (train.features, validation.features, test)
    ]
    scores = LinearProbe().predict(
        Labelled(padded[0], 2 * train.labels), Labelled(padded[1], 2 * validation.labels), padded[2], 6
    )
    reference = LinearProbe().predict(train, validation, test, 3)
    np.testing.assert_allclose(scores[:, ::2], reference, atol=1e-3)
    assert (scores[:, 1::2] == 0).all()


def test_constant_features_only_give_the_class_shares() -> None:
    train = Labelled(np.ones((6, 4), np.float32), np.array([0, 0, 0, 0, 1, 1]))
    scores = LinearProbe().predict(train, train, np.ones((1, 4), np.float32), 2)
    np.testing.assert_allclose(scores, [[2 / 3, 1 / 3]], atol=1e-3)


def test_fit_that_has_not_converged_is_said_once() -> None:
    train, validation, test, _ = parts()
    with pytest.warns(UserWarning, match="raise max_iter") as caught:
        LinearProbe(c=(100.0,), max_iter=1).predict(train, validation, test, 3)
    assert len(caught) == 1
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        LinearProbe().predict(train, validation, test, 3)


def test_bad_input() -> None:
    train, validation, test, _ = parts()
    with pytest.raises(SSLKitError, match="'c' is empty"):
        LinearProbe(c=())
    with pytest.raises(SSLKitError, match="one class only"):
        LinearProbe().predict(Labelled(train.features, 0 * train.labels), validation, test, 3)
    with pytest.raises(SSLKitError, match="no labelled validation"):
        LinearProbe().predict(train, Labelled(train.features[:0], train.labels[:0]), test, 3)
