"""Training a backbone and a linear head with labels: what fine-tuning and training from scratch share."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from sslkit.data.loader import BatchOrder
from sslkit.errors import SSLKitError
from sslkit.evaluation.metrics import balanced_accuracy
from sslkit.finetuning.layers import Layers, Policy, open_blocks
from sslkit.randomness import derive
from sslkit.types import LabelTask, Part, Positive, Samples

Rates = Positive | tuple[Positive, ...]  # one learning rate, or several to choose from


@dataclass(frozen=True)
class LabelTraining:
    """Cross-entropy by AdamW: warm-up over 5 % of the steps, then cosine to 0.

    ``checks`` times on the way the network is judged by balanced accuracy on the validation labels; the best state is
    kept, of equals the later one.

    Args:
        steps: optimiser steps.
        learning_rate: the peak rate of the head; deeper layers have less by ``layer_decay``.
        weight_decay: AdamW's.
        batch_size: at most; fewer where there are fewer labels.
        checks: how often the validation part is looked at.
        policy: which blocks are updated when.
        layer_decay: what a block's rate is of the rate of the layer above it.
        augmented: train on augmented samples.
    """

    steps: int
    learning_rate: float
    weight_decay: float
    batch_size: int
    checks: int
    policy: Policy = "all"
    layer_decay: float = 1.0
    augmented: bool = False


@dataclass(frozen=True)
class Fit:
    """A trained network's scores of the test part, and how good it was on validation."""

    validation: float
    scores: np.ndarray


def trials(
    learning_rate: Rates, steps: int, weight_decay: float, batch_size: int, checks: int, **how: object
) -> list[LabelTraining]:
    """Each learning rate without and with augmentation: what the validation labels choose from."""
    rates = learning_rate if isinstance(learning_rate, tuple) else (learning_rate,)
    return [
        LabelTraining(steps, rate, weight_decay, batch_size, checks, augmented=augmented, **how)  # type: ignore[arg-type]
        for rate in rates
        for augmented in (False, True)
    ]


def checked_rates(learning_rate: Rates, name: str) -> Rates:
    """Refuse an empty list.

    Raises:
        SSLKitError: no learning rate.
    """
    if learning_rate == ():
        raise SSLKitError(f"{name}: 'learning_rate' is empty; give a rate, or several to choose from.")
    return learning_rate


def fit(task: LabelTask, how: LabelTraining, tell: Callable[[int], None] = lambda step: None) -> Fit:
    """Train a copy of the task's backbone and a new head.

    Head, order of batches and augmentations are functions of the task's seed and draw, the same for every policy and
    every start.

    Raises:
        SSLKitError: outputs that are NaN or infinite from the start to the first check.
    """
    network = _network(task)
    backbone, head = network
    layers = Layers(backbone, head)  # type: ignore[arg-type]
    optimizer = torch.optim.AdamW(
        layers.groups(how.learning_rate, how.layer_decay), weight_decay=how.weight_decay
    )
    schedule = _schedule(optimizer, how.steps)
    best, state = -1.0, copy.deepcopy(network.state_dict())
    for step, (x, y) in enumerate(_batches(task, how), start=1):
        layers.open(open_blocks(how.policy, step - 1, how.steps, len(layers.blocks)))
        optimizer.zero_grad(set_to_none=True)
        functional.cross_entropy(network(x), y).backward()
        optimizer.step()
        schedule.step()
        tell(step)
        if step % max(1, how.steps // how.checks) == 0 or step == how.steps:
            scores = scores_of(task, network, task.validation.x)
            if not np.isfinite(scores).all():
                break  # what was best before stands
            figure = balanced_accuracy(scores, task.validation.y)
            if figure >= best:
                best, state = figure, copy.deepcopy(network.state_dict())
    if best < 0:
        raise SSLKitError(
            f"training with labels diverged with the learning rate {how.learning_rate:g}: the network's outputs "
            "became NaN; lower learning_rate."
        )
    network.load_state_dict(state)
    return Fit(best, scores_of(task, network, task.test))


def _schedule(optimizer: torch.optim.Optimizer, steps: int) -> torch.optim.lr_scheduler.SequentialLR:
    warm = max(1, steps // 20)
    warmup = torch.optim.lr_scheduler.LinearLR(optimizer, 0.1, total_iters=warm)
    cosine = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, max(1, steps - steps // 20))
    return torch.optim.lr_scheduler.SequentialLR(optimizer, [warmup, cosine], [warm])


def _network(task: LabelTask) -> nn.Sequential:
    backbone = task.start()
    torch.manual_seed(derive(task.seed, "supervised head"))
    network = nn.Sequential(backbone, nn.Linear(backbone.out_dim, task.n_classes)).to(task.device)
    if task.channels_last:
        network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    return network


def _batches(task: LabelTask, how: LabelTraining) -> Iterator[tuple[Tensor, Tensor]]:
    part: Part = task.train
    views = task.views() if how.augmented else None
    order = BatchOrder(len(part), min(how.batch_size, len(part)), derive(task.seed, "supervised order"))
    for step in range(how.steps):
        chosen = order.indices(step)
        raw, y = part.x[chosen].to(task.device), torch.from_numpy(part.y[chosen]).to(task.device)
        x = views(raw, step) if views is not None else task.features(raw)
        yield x.contiguous(memory_format=torch.channels_last) if task.channels_last else x, y


@torch.no_grad()
def scores_of(task: LabelTask, network: nn.Module, samples: Samples, size: int = 256) -> np.ndarray:
    """Outputs ``(n, n_classes)`` in eval mode."""
    network.eval()
    pieces = [
        network(
            task.features(samples[np.arange(start, min(start + size, len(samples)))].to(task.device))
        ).cpu()
        for start in range(0, len(samples), size)
    ]
    return torch.cat(pieces).numpy()


__all__ = ["Fit", "LabelTraining", "Rates", "checked_rates", "fit", "scores_of", "trials"]
