"""The linear probe."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import numpy as np
import torch

from sslkit.errors import SSLKitError
from sslkit.evaluation.metrics import balanced_accuracy
from sslkit.hookspecs import hookimpl
from sslkit.types import Count, Evaluator, Labelled, Positive

if TYPE_CHECKING:
    from sklearn.linear_model import LogisticRegression

    from sslkit.registry import Registry


class LinearProbe(Evaluator):
    """Logistic regression on standardised features, its regularisation chosen on the validation part.

    Features are centred and scaled by the training part's statistics (constant ones are only centred). For
    each ``C`` a model is fitted to the training labels, beginning at the one before; the best by balanced
    accuracy on the validation labels predicts, and of equals the most regularised. It is *not* fitted again
    with the validation labels: all methods, supervised training too, fit the same labels.

    Args:
        c: inverse strengths of the L2 regularisation to choose from, as scikit-learn's ``C``.
        max_iter: limit of L-BFGS steps of a fit. A warning says when the chosen fit has reached it.

    Raises:
        SSLKitError: no ``c`` given, training labels of one class only, or no labelled validation sample.

    Source: the protocol of BYOL, arXiv 2006.07733, which chooses it on a part of the training set.
    """

    def __init__(
        self, c: tuple[Positive, ...] = (1e-3, 1e-2, 1e-1, 1.0, 10.0, 100.0), max_iter: Count = 1000
    ) -> None:
        if not c:
            raise SSLKitError("linear: 'c' is empty; give at least one strength, e.g. [1.0].")
        self.c, self.max_iter = sorted(c), max_iter

    def predict(self, train: Labelled, validation: Labelled, test: np.ndarray, n_classes: int) -> np.ndarray:
        """Class probabilities ``(len(test), n_classes)``; 0 for classes without training samples."""
        from sklearn.linear_model import LogisticRegression
        from sklearn.preprocessing import StandardScaler
        from threadpoolctl import threadpool_limits

        if len(np.unique(train.labels)) < 2:
            raise SSLKitError("linear: the training labels are of one class only; a probe needs two or more.")
        if len(validation.labels) == 0:
            raise SSLKitError("linear: no labelled validation sample to choose the regularisation on.")
        scaler = StandardScaler()
        fit_x = scaler.fit_transform(train.features.astype(np.float64))
        choose_x, test_x = scaler.transform(validation.features), scaler.transform(test)
        model = LogisticRegression(max_iter=self.max_iter, warm_start=True)
        best_figure, best_scores, best_c, converged = -1.0, np.empty(0), 0.0, True
        for c in self.c:
            with threadpool_limits(
                torch.get_num_threads(), "blas"
            ):  # idle BLAS threads spin, and stall other runs
                done = _fit(model.set_params(C=c), fit_x, train.labels)
            figure = balanced_accuracy(_scores(model, choose_x, n_classes), validation.labels)
            if figure > best_figure:
                best_figure, best_scores, best_c, converged = (
                    figure,
                    _scores(model, test_x, n_classes),
                    c,
                    done,
                )
        if not converged:
            warnings.warn(
                f"linear: the fit with C = {best_c:g}, which is used, had not converged after "
                f"{self.max_iter} steps; raise max_iter.",
                stacklevel=2,
            )
        return best_scores


def _fit(model: LogisticRegression, features: np.ndarray, labels: np.ndarray) -> bool:
    """Fit, and say whether it converged."""
    from sklearn.exceptions import ConvergenceWarning

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        model.fit(features, labels)
    for warning in caught:
        if not issubclass(warning.category, ConvergenceWarning):
            warnings.warn_explicit(warning.message, warning.category, warning.filename, warning.lineno)
    return not any(issubclass(warning.category, ConvergenceWarning) for warning in caught)


def _scores(model: LogisticRegression, features: np.ndarray, n_classes: int) -> np.ndarray:
    scores = np.zeros((len(features), n_classes))
    scores[:, model.classes_] = model.predict_proba(features)
    return scores


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("linear", LinearProbe)
