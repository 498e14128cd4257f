"""Weighted cosine nearest neighbours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from sslkit.hookspecs import hookimpl
from sslkit.types import Count, Evaluator, Labelled, Positive

if TYPE_CHECKING:
    from sslkit.registry import Registry

CHUNK_ELEMENTS = 2**23  # similarities held at a time: 32 MB


class WeightedKNN(Evaluator):
    """Votes of the most similar training samples by cosine, weighted with exp(similarity / temperature).

    Nothing is fitted and nothing chosen, so the validation part is not looked at. Scores are shares of the
    votes: each row sums to 1, a class without training samples gets 0.

    Args:
        k: neighbours that vote; all training samples where there are fewer.
        temperature: the smaller, the more the nearest neighbour decides.

    Source: Wu et al. 2018, arXiv 1805.01978, section 3.4 (temperature 0.07); k = 20 as in DINO, arXiv
    2104.14294. Peers differ in k and distance, so kNN figures of different tools do not compare.
    """

    def __init__(self, k: Count = 20, temperature: Positive = 0.07) -> None:
        self.k, self.temperature = k, temperature

    def predict(self, train: Labelled, validation: Labelled, test: np.ndarray, n_classes: int) -> np.ndarray:
        """Shares of the votes ``(len(test), n_classes)`` float32."""
        bank = _unit(train.features)
        votes = functional.one_hot(torch.as_tensor(train.labels), n_classes).float()
        chunk = max(1, CHUNK_ELEMENTS // len(bank))
        scores = [self._vote(part, bank, votes) for part in torch.split(_unit(test), chunk)]
        return torch.cat(scores).numpy()

    def _vote(self, queries: Tensor, bank: Tensor, votes: Tensor) -> Tensor:
        similarity, neighbours = (queries @ bank.T).topk(min(self.k, len(bank)), dim=1)
        weights = torch.softmax(similarity / self.temperature, dim=1)  # exp(s / t) up to a factor of the row
        return torch.einsum("qk,qkc->qc", weights, votes[neighbours])


def _unit(features: np.ndarray) -> Tensor:
    return functional.normalize(torch.as_tensor(features, dtype=torch.float32), dim=1)


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("knn", WeightedKNN)
