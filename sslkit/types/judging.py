"""What judges an encoder, and the bars beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import torch
from torch import Tensor

from sslkit.types.basics import Component, ReportProgress
from sslkit.types.networks import Backbone
from sslkit.types.samples import Part, Samples

if TYPE_CHECKING:
    from sslkit.assembly import Prepared


@dataclass(frozen=True)
class Labelled:
    """Frozen features ``(N, D)`` float32 with labels ``(N,)`` and, where labels are drawn by group, groups ``(N,)``."""

    features: np.ndarray
    labels: np.ndarray
    groups: np.ndarray | None = None


class Evaluator(Component):
    """Judges frozen features: fits on ``train``, chooses its settings on ``validation``, predicts ``test``.

    ``label`` is its name in the results, where a config has several of one kind.

    >>> import numpy as np
    >>> import sslkit
    >>> from sslkit.types import Labelled
    >>> class NearestMean(sslkit.Evaluator):
    ...     "The class whose mean is nearest."
    ...     def predict(self, train, validation, test, n_classes):
    ...         means = [train.features[train.labels == label].mean(axis=0) for label in range(n_classes)]
    ...         return -np.linalg.norm(test[:, None] - np.stack(means), axis=2)
    >>> known = Labelled(np.array([[0.0, 0.0], [1.0, 1.0]], np.float32), np.array([0, 1]))
    >>> NearestMean().predict(known, known, np.array([[0.1, 0.2], [0.9, 0.7]]), 2).argmax(axis=1)
    array([0, 1])
    """

    kind = "evaluator"
    common: ClassVar = {"label": str}
    label: str = ""

    def predict(self, train: Labelled, validation: Labelled, test: np.ndarray, n_classes: int) -> np.ndarray:
        """Class scores ``(len(test), n_classes)``, the highest wins. Labels are 0 … n_classes - 1."""
        raise NotImplementedError


@dataclass(frozen=True)
class LabelTask:
    """One draw of labels, for an evaluator that trains the network itself.

    Attributes:
        start: a new copy of the backbone on the device, in the state that is judged; the caller's to change.
        train, validation: the labelled samples that may be seen, to fit and to choose by.
        test: samples to answer for; their labels are not given.
        features: a raw batch on the device → what the backbone takes, unchanged by chance.
        views: new augmentations, as a function (raw batch on the device, step) → what the backbone takes.
        n_classes: labels are 0 … n_classes - 1.
        seed: of the run.
        draw: number of the draw of labels.
        device: of the backbone.
        channels_last: whether batches of images are trained in that memory format.
    """

    start: Callable[[], Backbone]
    train: Part
    validation: Part
    test: Samples
    features: Callable[[Tensor], Tensor]
    views: Callable[[], Callable[[Tensor, int], Tensor]]
    n_classes: int
    seed: int
    draw: int
    device: torch.device
    channels_last: bool = False


class NetworkEvaluator(Component):
    """Judges an encoder by what becomes of it when it is trained on with the labels.

    An evaluator like any other in a config; it gets the network instead of its features, as copies: the encoder
    that is judged stays as it is. Methods without a network (handcrafted features) have no such figures.
    """

    kind = "evaluator"
    common: ClassVar = {"label": str}
    label: str = ""

    def predict(self, task: LabelTask) -> np.ndarray:
        """Class scores ``(len(task.test), n_classes)``, the highest wins."""
        raise NotImplementedError


class Baseline(Component):
    """A bar in the same table, at the same labels.

    ``reads`` names the parts of a config besides data, splits and evaluation that its figures depend on; where a
    grid varies others only, it is run once for all points. None: all of them.

    >>> from types import SimpleNamespace
    >>> import sslkit
    >>> class Guess(sslkit.Baseline):
    ...     "Chance: one class of so many."
    ...     def run(self, prepared, seed, report):
    ...         chance = {"metric": "balanced_accuracy", "value": 1 / prepared.n_classes}
    ...         return [{"evaluator": "guess", "labels_per_class": "all", "draw": 0, **chance}]
    >>> Guess().run(SimpleNamespace(n_classes=4), seed=0, report=print)[0]["value"]
    0.25
    """

    kind = "baseline"
    common: ClassVar = {"label": str}
    label: str = ""
    reads: ClassVar[tuple[str, ...] | None] = None

    def check(self, prepared: Prepared) -> None:
        """Raise where it cannot be used with these data; asked before anything is trained."""

    def run(self, prepared: Prepared, seed: int, report: ReportProgress) -> Sequence[Mapping[str, object]]:
        """Rows ``{evaluator, labels_per_class, draw, metric, value}``.

        Args:
            prepared: the experiment's data, parts, front end and builders (``sslkit.assembly.Prepared``).
            seed: gives the same initial backbone and label draws as the objectives have under it.
            report: told how far it is (done, in all, words).
        """
        raise NotImplementedError
