"""How far an augmentation moves a sample, against how far the classes are apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from einops import rearrange
from torch import Tensor


@dataclass(frozen=True)
class ViewMeasures:
    """Of a set of views: see ``ViewDistances``; ``kept`` is None without labels of two classes."""

    moved: float
    kept: float | None


class ViewDistances:
    """Measures views of samples in the space of what the network takes.

    *Moved* is the median distance between a view and its sample, divided by the median distance between two
    samples of different classes (of any two without labels). *Kept* is the share of views whose nearest
    sample, their own left out, has the class of their own.

    Args:
        features: of the samples, ``(N, *shape)``; NaN counts as 0, the channel's mean.
        y: labels ``(N,)``, -1 where unknown.
    """

    def __init__(self, features: Tensor, y: np.ndarray) -> None:
        self.features = _flat(features)
        labels = torch.from_numpy(y).to(features.device)
        known = labels >= 0
        self.labelled = len(np.unique(y[y >= 0])) > 1
        distances = torch.cdist(self.features, self.features)
        if self.labelled:
            pairs = (labels[:, None] != labels[None]) & known[:, None] & known[None]
        else:
            pairs = ~torch.eye(len(labels), dtype=torch.bool, device=labels.device)
        self.unit = float(distances[pairs].quantile(0.5)) if pairs.any() else 0.0
        self.labels, self.known = labels, known
        self.kept_by_samples = self._kept(distances)

    def __call__(self, views: Tensor) -> ViewMeasures:
        """Views of the samples, in their order."""
        flat = _flat(views)
        moved = float((flat - self.features).norm(dim=1).quantile(0.5))
        ratio = moved / self.unit if self.unit > 0 else float("nan")
        return ViewMeasures(ratio, self._kept(torch.cdist(flat, self.features)))

    def _kept(self, distances: Tensor) -> float | None:
        """``distances[i, j]`` from view i to sample j."""
        if not self.labelled:
            return None
        distances = distances.masked_fill(~self.known[None], torch.inf).fill_diagonal_(torch.inf)
        nearest = distances.argmin(dim=1)
        return float((self.labels[nearest] == self.labels)[self.known].float().mean())


def _flat(x: Tensor) -> Tensor:
    return rearrange(x.float(), "n ... -> n (...)").nan_to_num()
