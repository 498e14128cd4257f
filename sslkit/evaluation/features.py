"""Frozen features: taken from an encoder, and judged."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from typing import TypedDict

import numpy as np
import torch
from torch import nn

from sslkit.errors import SSLKitError
from sslkit.evaluation.labels import Draw, draw_labels, label_draws, most_labels
from sslkit.evaluation.metrics import METRICS
from sslkit.types import Evaluator, LabelBudget, Labelled, LabelTask, NetworkEvaluator, Part


class ResultRow(TypedDict):
    """A figure: one line of ``results.csv`` without its run."""

    evaluator: str
    labels_per_class: LabelBudget
    draw: int
    metric: str
    value: float


@dataclass(frozen=True)
class Predictions:
    """What stands behind a figure: class scores ``(n, n_classes)`` of the test samples ``index``."""

    evaluator: str
    labels_per_class: LabelBudget
    scores: np.ndarray
    index: np.ndarray


class ResultRows(list[ResultRow]):
    """Figures with the predictions behind the main one: the linear probe's (or the first evaluator's) with the most
    labels. A plain list of rows has none, and no audit is made of it."""

    predictions: Predictions | None = None


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
        batches = (
            np.arange(start, min(start + batch_size, len(part))) for start in range(0, len(part), batch_size)
        )
        features: np.ndarray = np.concatenate(
            [encode(part.x[batch].to(device)).float().cpu().numpy() for batch in batches]
        )
    if features.ndim != 2 or len(features) != len(part):
        raise SSLKitError(f"the encoder gives {features.shape} for {len(part)} samples: expected (N, D).")
    if not np.isfinite(features).all():
        rows = np.flatnonzero(~np.isfinite(features).all(axis=1))
        raise SSLKitError(_not_finite_words(part, rows))
    return features


def _not_finite_words(part: Part, rows: np.ndarray) -> str:
    """Whether the samples are to blame or the encoder."""
    raw = part.x[rows[:1]]
    count = f"{len(rows):,} of {len(part):,} samples"
    if raw.is_floating_point() and not bool(raw.isfinite().all()):
        return (
            f"features of {count} are NaN or infinite, and the samples hold such values themselves (the first is "
            f"number {rows[0]} of its part): repair or leave out these rows of the data first."
        )
    return f"features of {count} are NaN or infinite: the encoder has diverged; lower the learning rate."


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
    evaluators: Mapping[str, Evaluator | NetworkEvaluator],
    budgets: Sequence[LabelBudget],
    draws: int,
    seed: int,
    after: Callable[[str], None] = lambda name: None,
    task: Callable[[Draw], LabelTask] | None = None,
) -> ResultRows:
    """Every evaluator with every budget of labels on every draw: accuracy and balanced accuracy on ``test``.

    Unlabelled samples (-1) are left out; ``all`` labels have one draw.

    Args:
        train, validation, test: features and labels of the three parts; with groups, labels are drawn by them.
        evaluators: by the name that they get in the results.
        budgets: labels per class, a share of them, or ``all``; see ``draw_labels``.
        draws: number of draws of each budget.
        seed: of the draws.
        after: called with an evaluator's name each time that it has predicted.
        task: what an evaluator that trains the network gets of a draw; without it (features of no network) such
            evaluators are left out.

    Raises:
        SSLKitError: a part without labels, or a class of the test part without a training label.
    """
    seen = draw_labels(test.labels, "all", 0, seed, part="test")
    asked, truth = test.features[seen], test.labels[seen]
    n_classes = 1 + int(max(part.labels.max() for part in (train, validation, test)))
    rows = ResultRows()
    able = {
        name: one
        for name, one in evaluators.items()
        if task is not None or not isinstance(one, NetworkEvaluator)
    }
    main = ("linear" if "linear" in able else next(iter(able), ""), most_labels(budgets, train.labels), 0)
    classes, groups = np.unique(truth).tolist(), (train.groups, validation.groups)
    for draw in label_draws(train.labels, validation.labels, budgets, draws, seed, classes, groups):
        fit, choose = _take(train, draw.train), _take(validation, draw.validation)
        for name, evaluator in able.items():
            if isinstance(evaluator, NetworkEvaluator):
                assert task is not None
                scores = evaluator.predict(task(draw))
            else:
                scores = evaluator.predict(fit, choose, asked, n_classes)
            after(name)
            if (name, draw.budget, draw.number) == main:
                rows.predictions = Predictions(name, draw.budget, scores, seen)
            rows += metric_rows(name, draw, scores, truth)
    return rows


def metric_rows(evaluator: str, draw: Draw, scores: np.ndarray, truth: np.ndarray) -> list[ResultRow]:
    """A row for each metric of class scores ``(n, n_classes)`` of samples whose labels are ``truth``."""
    return [
        ResultRow(
            evaluator=evaluator,
            labels_per_class=draw.budget,
            draw=draw.number,
            metric=metric,
            value=figure(scores, truth),
        )
        for metric, figure in METRICS.items()
    ]


def _take(part: Labelled, indices: np.ndarray) -> Labelled:
    return Labelled(part.features[indices], part.labels[indices])
