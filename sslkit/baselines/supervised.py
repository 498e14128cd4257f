"""The same backbone trained with the labels from scratch: what pre-training must beat to be worth it."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from sslkit.augment.views import Views
from sslkit.data.loader import BatchOrder
from sslkit.errors import SSLKitError
from sslkit.evaluation.features import Predictions, Row, Rows, most_labels
from sslkit.evaluation.labels import draw_labels
from sslkit.evaluation.metrics import accuracy, balanced_accuracy
from sslkit.hookspecs import hookimpl
from sslkit.randomness import derive
from sslkit.types import Baseline, Count, Part, Positive

if TYPE_CHECKING:
    from sslkit.build import Prepared
    from sslkit.registry import Registry


@dataclass
class _Fit:
    """A trained network's scores of the test part, and how good it was on validation."""

    validation: float
    scores: np.ndarray


class Supervised(Baseline):
    """The same backbone and a linear head trained with labels from scratch, with and without augmentation.

    Both variants start from the seed's initial backbone; every ``1/checks`` of the way the network is judged on the
    validation labels (as many per class as for training), the best state is kept, and the better variant is reported.
    So it gets the labels that the probes get, and no others.

    Args:
        steps: optimiser steps of each variant with all labels; None: as many as pre-training.
        few_label_steps: the same with few labels, at most ``steps``: a hundred samples are seen often enough in them.
        learning_rate: AdamW's peak rate; warm-up over 5 % of the steps, then cosine to 0.
        weight_decay: AdamW's.
        batch_size: at most; fewer where there are fewer labels.
        checks: how often the validation part is looked at.
    """

    reads: ClassVar = ("frontend", "backbone", "views", "total_steps", "channels_last")

    def __init__(
        self,
        steps: Count | None = None,
        few_label_steps: Count = 300,
        learning_rate: Positive = 1e-3,
        weight_decay: float = 1e-2,
        batch_size: Count = 128,
        checks: Count = 10,
    ) -> None:
        self.steps, self.few_label_steps = steps, few_label_steps
        self.learning_rate, self.weight_decay = learning_rate, weight_decay
        self.batch_size, self.checks = batch_size, checks

    def run(
        self, prepared: Prepared, seed: int, report: Callable[[int, int, str], None]
    ) -> Sequence[Mapping[str, Any]]:
        """Rows with evaluator ``end-to-end``."""
        jobs = list(_label_draws(prepared))
        total, done, rows = 2 * sum(self._steps(prepared, budget) for budget, _ in jobs), 0, Rows()
        main = (most_labels(prepared.experiment.evaluation.labels_per_class), 0)
        for budget, draw in jobs:
            steps, fits = self._steps(prepared, budget), []
            for augmented in (False, True):

                def tell(
                    step: int, augmented: bool = augmented, budget: Any = budget, done: int = done
                ) -> None:
                    report(done + step, total, f"{budget} labels, {'augmented' if augmented else 'plain'}")

                fits.append(self._fit(prepared, seed, budget, draw, augmented, steps, tell))
                done += steps
            best = max(fits, key=lambda fit: fit.validation)
            rows += _rows(prepared, budget, draw, best.scores)
            if (budget, draw) == main:
                labelled = np.flatnonzero(prepared.splits.test.y >= 0)
                rows.predictions = Predictions("end-to-end", budget, best.scores, labelled)
        return rows

    def _steps(self, prepared: Prepared, budget: Any) -> int:
        steps = self.steps or prepared.total_steps
        return steps if budget == "all" else min(steps, self.few_label_steps)

    def _fit(
        self,
        prepared: Prepared,
        seed: int,
        budget: Any,
        draw: int,
        augmented: bool,
        steps: int,
        tell: Callable[[int], None],
    ) -> _Fit:
        splits = prepared.splits
        train = draw_labels(splits.train.y, budget, draw, seed)
        validation = draw_labels(splits.validation.y, budget, draw, seed)
        network = _network(prepared, seed)
        optimizer = torch.optim.AdamW(
            network.parameters(), lr=self.learning_rate, weight_decay=self.weight_decay
        )
        warmup = torch.optim.lr_scheduler.LinearLR(optimizer, 0.1, total_iters=max(1, steps // 20))
        cosine = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, max(1, steps - steps // 20))
        schedule = torch.optim.lr_scheduler.SequentialLR(optimizer, [warmup, cosine], [max(1, steps // 20)])
        views = prepared.views(derive(seed, "supervised", draw), prepared.n_views) if augmented else None
        batches = self._batches(prepared, splits.train, train, seed, steps, views)
        best, state = -1.0, copy.deepcopy(network.state_dict())
        for step, (x, y) in enumerate(batches, start=1):
            network.train()
            optimizer.zero_grad(set_to_none=True)
            functional.cross_entropy(network(x), y).backward()
            optimizer.step()
            schedule.step()
            tell(step)
            if step % max(1, steps // self.checks) == 0 or step == steps:
                scores = _scores(prepared, network, splits.validation, validation)
                figure = balanced_accuracy(scores, splits.validation.y[validation])
                if figure >= best:
                    best, state = figure, copy.deepcopy(network.state_dict())
        network.load_state_dict(state)
        labelled = np.flatnonzero(splits.test.y >= 0)
        return _Fit(best, _scores(prepared, network, splits.test, labelled))

    def _batches(
        self, prepared: Prepared, part: Part, index: np.ndarray, seed: int, steps: int, views: Views | None
    ) -> Iterator[tuple[Tensor, Tensor]]:
        order = BatchOrder(len(index), min(self.batch_size, len(index)), derive(seed, "supervised order"))
        for step in range(steps):
            chosen = index[order.indices(step)]
            raw, y = part.x[chosen].to(prepared.device), torch.from_numpy(part.y[chosen]).to(prepared.device)
            x = views(raw, step)[0] if views is not None else _features(prepared, raw)
            yield x.contiguous(memory_format=torch.channels_last) if prepared.channels_last else x, y


def _label_draws(prepared: Prepared) -> Iterator[tuple[Any, int]]:
    evaluation = prepared.experiment.evaluation
    for budget in evaluation.labels_per_class:
        for draw in range(1 if budget == "all" else evaluation.draws):
            yield budget, draw


def _network(prepared: Prepared, seed: int) -> nn.Module:
    backbone = prepared.backbone(seed)
    torch.manual_seed(derive(seed, "supervised head"))
    network = nn.Sequential(backbone, nn.Linear(backbone.out_dim, prepared.n_classes)).to(prepared.device)
    if prepared.channels_last:
        network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    return network


@torch.no_grad()
def _features(prepared: Prepared, raw: Tensor, size: int = 256) -> Tensor:
    """Raw samples after the front end: what the network takes."""
    spec = prepared.dataset.spec
    return torch.cat([spec.fill(prepared.frontend(spec.decode(piece))) for piece in raw.split(size)])


@torch.no_grad()
def _scores(
    prepared: Prepared, network: nn.Module, part: Part, index: np.ndarray, size: int = 256
) -> np.ndarray:
    network.eval()
    pieces = [
        network(_features(prepared, part.x[index[start : start + size]].to(prepared.device))).cpu()
        for start in range(0, len(index), size)
    ]
    return torch.cat(pieces).numpy()


def _rows(prepared: Prepared, budget: Any, draw: int, scores: np.ndarray) -> list[Row]:
    if not np.isfinite(scores).all():
        raise SSLKitError("supervised: its network's outputs became NaN; lower its learning_rate.")
    y = prepared.splits.test.y
    figures = {"accuracy": accuracy, "balanced_accuracy": balanced_accuracy}
    return [
        Row(
            evaluator="end-to-end",
            labels_per_class=budget,
            draw=draw,
            metric=metric,
            value=function(scores, y[y >= 0]),
        )
        for metric, function in figures.items()
    ]


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("supervised", Supervised)
