"""One frozen encoder → rows of results, collapse figures and alarms. The same for objectives and baselines."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from sslkit.assembly import Prepared
from sslkit.data.samples import SubsetSamples, subset
from sslkit.errors import SSLKitError
from sslkit.evaluation import labels
from sslkit.evaluation.features import (
    Predictions,
    ResultRow,
    ResultRows,
    evaluate_features,
    extract,
    frozen,
    module_hash,
)
from sslkit.evaluation.geometry import GENERAL_ADVICE, collapse_alarms, geometry
from sslkit.evaluation.labels import Draw, label_draws
from sslkit.randomness import derive
from sslkit.types import Backbone, Labelled, LabelTask, Part

GEOMETRY_SAMPLES = 1000  # whose two views are aligned
BATCH = 256


@dataclass
class Measurements:
    """What was measured of one encoder."""

    rows: Sequence[Mapping[str, Any]]
    geometry: dict[str, float] = field(default_factory=dict)
    alarms: list[str] = field(default_factory=list)
    predictions: Predictions | None = None
    test_features: np.ndarray = field(default_factory=lambda: np.empty((0, 0), np.float32))


def parts(prepared: Prepared) -> dict[str, Part]:
    """Train, validation and test."""
    splits = prepared.splits
    return {"train": splits.train, "validation": splits.validation, "test": splits.test}


def require_labels(prepared: Prepared) -> None:
    """A comparison needs labels to judge by; pre-training alone does not.

    Raises:
        SSLKitError: labels that the evaluation could not work with.
    """
    experiment = prepared.experiment
    if experiment.evaluation.draw_by == "group" and prepared.splits.train.groups is None:
        raise SSLKitError(
            f"{experiment.name}: evaluation.draw_by is 'group', but these data have no groups (people, machines). "
            "Use draw_by: sample, or name the groups of the data."
        )
    try:
        labels.check_label_draws(
            **{name: part.y for name, part in parts(prepared).items()},
            budgets=experiment.evaluation.labels_per_class,
            seed=experiment.seeds[0],
            names=prepared.dataset.class_names,
        )
    except SSLKitError as error:
        raise SSLKitError(
            f"{experiment.name}: {error} A comparison is judged by labels; to train without: sslkit pretrain CONFIG."
        ) from error


def rows_of(
    prepared: Prepared,
    features: dict[str, np.ndarray],
    seed: int,
    after: Callable[[str], None] = lambda name: None,
    start: Callable[[], Backbone] | None = None,
) -> ResultRows:
    """Evaluators at every label budget and draw, on features of the three parts; ``after`` each one is called.

    ``start`` gives evaluators that train the network a copy of it.
    """
    evaluation = prepared.experiment.evaluation
    labelled = {
        name: Labelled(features[name], part.y, groups)
        for (name, part), groups in zip(parts(prepared).items(), drawn_groups(prepared), strict=True)
    }
    return evaluate_features(
        **labelled,
        evaluators=prepared.evaluators(),
        budgets=evaluation.labels_per_class,
        draws=evaluation.draws,
        seed=seed,
        after=after,
        task=None if start is None else lambda draw: label_task(prepared, start, seed, draw),
    )


def drawn_groups(prepared: Prepared) -> list[np.ndarray | None]:
    """Groups of the three parts by which labels are drawn; None where they are drawn sample by sample."""
    by_group = prepared.experiment.evaluation.draw_by == "group"
    return [part.groups if by_group else None for part in parts(prepared).values()]


def draws_of(prepared: Prepared, seed: int) -> Iterator[Draw]:
    """Every draw of every label budget: what each method gets under this seed."""
    evaluation, splits = prepared.experiment.evaluation, prepared.splits
    train, validation, _ = drawn_groups(prepared)
    return label_draws(
        splits.train.y,
        splits.validation.y,
        evaluation.labels_per_class,
        evaluation.draws,
        seed,
        groups=(train, validation),
    )


def label_task(prepared: Prepared, start: Callable[[], Backbone], seed: int, draw: Draw) -> LabelTask:
    """What training with the labels of a draw needs. Under one seed all methods get the same batches and views."""
    splits, spec = prepared.splits, prepared.dataset.spec

    @torch.no_grad()
    def features(raw: Tensor) -> Tensor:
        return spec.fill(prepared.frontend(spec.decode(raw)))

    def views() -> Callable[[Tensor, int], Tensor]:
        some = prepared.views(derive(seed, "supervised", draw.number), prepared.n_views)
        return lambda raw, step: some(raw, step)[0]

    return LabelTask(
        start,
        subset(splits.train, draw.train),
        subset(splits.validation, draw.validation),
        SubsetSamples(splits.test.x, np.flatnonzero(splits.test.y >= 0)),
        features,
        views,
        prepared.n_classes,
        seed,
        draw.number,
        prepared.device,
        prepared.channels_last,
    )


def evaluate_encoder(
    prepared: Prepared, encoder: nn.Module, seed: int, advice: str = GENERAL_ADVICE
) -> Measurements:
    """Judge an encoder that takes raw batches. Its weights and statistics are proved untouched by their hash.

    ``advice`` is said where the encoder has collapsed.

    Raises:
        SSLKitError: an evaluator, or the encoder by being used, has changed it.
    """
    untouched = _seal(encoder)
    features = {
        name: extract(encoder, part, BATCH, prepared.device) for name, part in parts(prepared).items()
    }
    untouched("taking features")
    rows = rows_of(
        prepared,
        features,
        seed,
        lambda name: untouched(f"the evaluator '{name}'"),
        lambda: copy.deepcopy(encoder.backbone),  # type: ignore[arg-type, return-value]
    )
    figures = encoder_geometry(prepared, encoder, features["test"], seed)
    untouched("comparing two views")
    rows += [
        ResultRow(evaluator="geometry", labels_per_class="all", draw=0, metric=m, value=v)
        for m, v in figures.items()
    ]
    said = collapse_alarms(figures, features["test"].shape[1], advice)
    return Measurements(rows, figures, said, rows.predictions, features["test"])


def _seal(encoder: nn.Module) -> Callable[[str], None]:
    """Call it with who has just had the chance to change the encoder."""
    before = module_hash(encoder)

    def untouched(who: str) -> None:
        if module_hash(encoder) != before:
            raise SSLKitError(
                f"{who} changed the encoder that should only be judged; figures from here on would be void. An "
                "evaluator works on a copy, and a network in eval mode changes no buffer."
            )

    return untouched


def encoder_geometry(prepared: Prepared, encoder: nn.Module, test: np.ndarray, seed: int) -> dict[str, float]:
    """Spread and rank of the test features; alignment of two views of some validation samples."""
    part = prepared.splits.validation
    index = np.arange(min(len(part), GEOMETRY_SAMPLES))
    raw = part.x[index].to(prepared.device)
    views = prepared.views(derive(seed, "geometry"), prepared.n_views)(raw, 0)[:2]
    with frozen(encoder):
        first, second = (encoder.backbone(view).float().cpu().numpy() for view in views)  # type: ignore[operator]
    return {**geometry(test), "alignment": geometry(first, second)["alignment"]}


def make_judge(prepared: Prepared, encoder: nn.Module, seed: int) -> Callable[[], dict[str, float]]:
    """Figures of an encoder during training: collapse, and kNN accuracy on the validation part."""
    evaluator = prepared.registry.build(prepared.registry.check("evaluator", "knn", "", []))  # type: ignore[arg-type]
    train, validation = prepared.splits.train, prepared.splits.validation
    memory = _labelled(train, 2000)
    probe = _labelled(validation, 500)
    raw_memory, raw_probe = train.x[memory].to(prepared.device), validation.x[probe].to(prepared.device)
    views = prepared.views(derive(seed, "monitor"), prepared.n_views)(raw_probe, 0)[:2]

    def judge() -> dict[str, float]:
        untouched = _seal(encoder)
        with frozen(encoder):
            first, second = (encoder.backbone(view).float().cpu().numpy() for view in views)  # type: ignore[operator]
            features = _in_batches(encoder, raw_probe)
            figures = {**geometry(features), "alignment": geometry(first, second)["alignment"]}
            if (train.y[memory] >= 0).all() and (validation.y[probe] >= 0).all():
                known = Labelled(_in_batches(encoder, raw_memory), train.y[memory])
                scores = evaluator.predict(known, known, features, prepared.n_classes)
                figures["knn_accuracy"] = float((scores.argmax(1) == validation.y[probe]).mean())
        untouched("the monitor")
        return figures

    return judge


def _labelled(part: Part, most: int) -> np.ndarray:
    index = np.flatnonzero(part.y >= 0)
    index = index if len(index) else np.arange(len(part))
    chosen: np.ndarray = index[np.linspace(0, len(index) - 1, min(most, len(index))).astype(int)]
    return chosen


def _in_batches(encoder: nn.Module, raw: Tensor, size: int = BATCH) -> np.ndarray:
    return torch.cat([encoder(piece).float().cpu() for piece in raw.split(size)]).numpy()
