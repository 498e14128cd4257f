"""Frozen features: taken from an encoder, and judged."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from typing import TypedDict

import numpy as np
import torch
from torch import nn

from sslkit.errors import SSLKitError
from sslkit.evaluation.labels import Budget, draw_labels
from sslkit.evaluation.metrics import METRICS
from sslkit.types import Evaluator, Labelled, Part


class Row(TypedDict):
    """A figure: one line of ``results.csv`` without its run."""

    evaluator: str
    labels_per_class: Budget
    draw: int
    metric: str
    value: float


@dataclass(frozen=True)
class Predictions:
    """What stands behind a figure: class scores ``(n, n_classes)`` of the test samples ``index``."""

    evaluator: str
    labels_per_class: Budget
    scores: np.ndarray
    index: np.ndarray


class Rows(list[Row]):
    """Figures with the predictions behind the main one: the linear probe's (or the first evaluator's) with the most
    labels. A plain list of rows has none, and no audit is made of it."""

    predictions: Predictions | None = None


def most_labels(budgets: Iterable[Budget]) -> Budget:
    """``all`` where it is among them, else the largest."""
    return max(budgets, key=lambda budget: float("inf") if budget == "all" else budget)


def extract(encode: nn.Module, part: Part, batch_size: int, device: torch.device | str) -> np.ndarray:
    """Features ``(N, D)`` float32 of all samples in their order.

    The module runs in eval mode and without gradients; every submodule gets its own mode back.

    Args:
        encode: raw batches as stored ``(B, *shape)`` → ``(B, D)``.
        part: the samples.
        batch_size: samples at a time.
        device: that the batches are moved to; the module is already there.

    Raises:
        SSLKitError: an empty part, features of another shape, NaN or infinite features.
    """
    if len(part) == 0:
        raise SSLKitError("there are no samples to take features of: the part is empty.")
    with frozen(encode):
        features = np.concatenate(
            [
                encode(part.x[np.arange(start, min(start + batch_size, len(part)))].to(device))
                .float()
                .cpu()
                .numpy()
                for start in range(0, len(part), batch_size)
            ]
        )
    if features.ndim != 2 or len(features) != len(part):
        raise SSLKitError(f"the encoder gives {features.shape} for {len(part)} samples: expected (N, D).")
    if not np.isfinite(features).all():
        raise SSLKitError("features are NaN or infinite: the encoder has diverged; lower the learning rate.")
    return features


@contextmanager
def frozen(module: nn.Module) -> Iterator[None]:
    """Eval mode without gradients; afterwards every submodule has its own mode again."""
    modes = {child: child.training for child in module.modules()}
    module.eval()
    try:
        with torch.no_grad():
            yield
    finally:
        for child, mode in modes.items():
            child.training = mode


def module_hash(module: nn.Module) -> str:
    """SHA-256 of all parameters and buffers: equal before and after if it stayed frozen."""
    digest = hashlib.sha256()
    for name, tensor in chain(module.named_parameters(), module.named_buffers()):
        digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)};".encode())
        digest.update(tensor.detach().cpu().contiguous().reshape(-1).view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()


def evaluate_features(
    train: Labelled,
    validation: Labelled,
    test: Labelled,
    evaluators: Mapping[str, Evaluator],
    budgets: Sequence[Budget],
    draws: int,
    seed: int,
    after: Callable[[str], None] = lambda name: None,
) -> Rows:
    """Every evaluator with every budget of labels on every draw: accuracy and balanced accuracy on ``test``.

    Unlabelled samples (-1) are left out; ``all`` labels have one draw.

    Args:
        train, validation, test: features and labels of the three parts.
        evaluators: by the name that they get in the results.
        budgets: labels per class, or ``all``; see ``draw_labels``.
        draws: number of draws of each budget.
        seed: of the draws.
        after: called with an evaluator's name each time that it has predicted.

    Raises:
        SSLKitError: a part without labels, or a class of the test part without a training label.
    """
    seen = draw_labels(test.labels, "all", 0, seed, part="test")
    asked, truth = test.features[seen], test.labels[seen]
    n_classes = 1 + int(max(part.labels.max() for part in (train, validation, test)))
    rows = Rows()
    main = ("linear" if "linear" in evaluators else next(iter(evaluators), ""), most_labels(budgets), 0)
    for budget in budgets:
        for draw in range(1 if budget == "all" else draws):
            fit = _take(
                train, draw_labels(train.labels, budget, draw, seed, classes=np.unique(truth).tolist())
            )
            choose = _take(validation, draw_labels(validation.labels, budget, draw, seed, part="validation"))
            for name, evaluator in evaluators.items():
                scores = evaluator.predict(fit, choose, asked, n_classes)
                after(name)
                if (name, budget, draw) == main:
                    rows.predictions = Predictions(name, budget, scores, seen)
                rows += [
                    Row(
                        evaluator=name,
                        labels_per_class=budget,
                        draw=draw,
                        metric=metric,
                        value=figure(scores, truth),
                    )
                    for metric, figure in METRICS.items()
                ]
    return rows


def _take(part: Labelled, indices: np.ndarray) -> Labelled:
    return Labelled(part.features[indices], part.labels[indices])
