"""Near-copies across parts: neighbours far closer than neighbours of that part of the space ever are."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
import torch
from einops import rearrange
from torch import Tensor
from torch.nn import functional

K = 10  # neighbours that tell how dense the space is around a sample
FALSE_ALARMS = 0.01  # expected in a whole data set without near-copies
FARTHEST = 0.2  # between unit vectors: a correlation of 0.98
GRID, STEPS = 8, 64  # of what a picture (each side), or a signal, is reduced to
NULL_SAMPLES = 2000
CHUNK_ELEMENTS = 2**23
MOST_QUERIES, MOST_REFERENCES = 10_000, 100_000


@dataclass(frozen=True)
class NearCopies:
    """Pairs of near-copies: rows of the judged part, their nearest rows of the other, and the distances."""

    rows: np.ndarray
    matches: np.ndarray
    distances: np.ndarray


def signatures(features: Tensor) -> Tensor:
    """Samples after the front end ``(B, C, H, W)``, ``(B, C, T)`` or ``(B, D)`` → unit vectors ``(B, D')``.

    Block means on a grid of 8 × 8 for each channel, or 64 time steps, minus their mean: a signature that noise,
    compression, brightness and contrast change little. Of signals each channel's mean is taken off: two persons who
    sit still share where gravity points, and nothing else. Missing values (NaN) count as 0.
    """
    x = torch.nan_to_num(features.float())
    if x.ndim == 4:  # (B, C, H, W) → (B, C, 8, 8)
        x = _block_means(x.shape[2], GRID, x) @ x @ _block_means(x.shape[3], GRID, x).T
    elif x.ndim == 3:  # (B, C, T) → (B, C, 64)
        x = (x - x.mean(dim=2, keepdim=True)) @ _block_means(x.shape[2], STEPS, x).T
    x = rearrange(x, "b ... -> b (...)")
    return functional.normalize(x - x.mean(dim=1, keepdim=True), dim=1)


def near_copies(
    queries: Tensor, references: Tensor, groups: np.ndarray | None = None, skip: np.ndarray | None = None
) -> NearCopies:
    """Queries whose nearest reference is closer than chance allows.

    Around a sample, in a space of D dimensions, (d₁ / d₁₀)ᴰ of the distances to its nearest and tenth-nearest
    neighbours is distributed as Beta(1, 9), whatever the local density. D comes from the same ratio *within* the
    references (neighbours of other groups where there are groups). A query is a near-copy where so small a ratio is
    expected in fewer than 0.01 of all queries together, and the correlation is at least 0.98. More than nine
    near-copies of one sample hide each other.

    Args:
        queries, references: unit vectors ``(M, D')``, ``(N, D')``.
        groups: of the references.
        skip: queries that are known already, e.g. exact copies.

    Source: the ratio is that of Facco et al. 2017, doi 10.1038/s41598-017-11873-y, with the tenth neighbour.
    """
    candidates = np.setdiff1d(np.arange(len(queries)), () if skip is None else skip)
    candidates = _spread(candidates, MOST_QUERIES)
    kept = _spread(np.arange(len(references)), MOST_REFERENCES)
    nothing = np.empty(0, np.int64)
    if len(kept) <= 2 * K or len(candidates) == 0:
        return NearCopies(nothing, nothing, np.empty(0))
    bank = references[torch.from_numpy(kept)]
    dimension = _dimension(bank, None if groups is None else groups[kept])
    distances, neighbours = _nearest(queries[torch.from_numpy(candidates)], bank)
    chance = _chance(distances, dimension)
    hit = (chance < FALSE_ALARMS / len(candidates)) & (distances[:, 0] <= FARTHEST)
    found = hit.nonzero().squeeze(1).numpy()
    return NearCopies(candidates[found], kept[neighbours[hit].numpy()], distances[hit, 0].numpy())


def _chance(distances: Tensor, dimension: float) -> Tensor:
    """How often a nearest neighbour is as close as this, given the tenth: 1 - (1 - (d₁/d₁₀)ᴰ)⁹."""
    ratio = _ratio(distances)
    return -torch.expm1((K - 1) * torch.log1p(-ratio.pow(dimension).clamp_max(1 - 1e-9)))


def _ratio(distances: Tensor) -> Tensor:
    """d₁ / d₁₀."""
    return (distances[:, 0] / distances[:, 1].clamp_min(1e-12)).double().clamp(1e-12, 1.0)


def _dimension(bank: Tensor, groups: np.ndarray | None) -> float:
    """From the median and lower decile of log(d₁/d₁₀), which a minority of copies does not move."""
    index = torch.from_numpy(_spread(np.arange(len(bank)), NULL_SAMPLES))
    own = None if groups is None or len(np.unique(groups)) < 2 else torch.from_numpy(groups)
    distances, _ = _nearest(bank[index], bank, index, own)
    ratio = _ratio(distances).log()
    low, middle = torch.quantile(ratio, torch.tensor([0.1, 0.5], dtype=torch.float64)).tolist()
    expected = math.log(_beta_quantile(0.5) / _beta_quantile(0.1))
    return float(expected / max(middle - low, 1e-6))


def _beta_quantile(share: float) -> float:
    return float(1 - (1 - share) ** (1 / (K - 1)))


def _nearest(
    queries: Tensor, bank: Tensor, selves: Tensor | None = None, groups: Tensor | None = None
) -> tuple[Tensor, Tensor]:
    """Distances to the nearest and the ``K``-th nearest in ``bank``, ``(M, 2)``, and the nearest's row.

    The query itself and its group are left out. Distances are those of differences: taken from cosines, in float32, all
    below 2e-4 would be 0.
    """
    distances, neighbours = [], []
    size = max(1, CHUNK_ELEMENTS // len(bank))
    for start in range(0, len(queries), size):
        similarity = queries[start : start + size] @ bank.T
        if selves is not None:
            own = selves[start : start + size]
            similarity[torch.arange(len(own)), own] = -2.0
            if groups is not None:
                similarity[groups[own][:, None] == groups] = -2.0
        rows = similarity.topk(K, dim=1).indices
        ends = bank[rows[:, [0, -1]]] - queries[start : start + size, None]
        distances.append(ends.norm(dim=2))
        neighbours.append(rows[:, 0])
    return torch.cat(distances), torch.cat(neighbours)


def _spread(index: np.ndarray, most: int) -> np.ndarray:
    if len(index) <= most:
        return index
    return index[np.linspace(0, len(index) - 1, most).astype(np.int64)]


def _block_means(length: int, blocks: int, like: Tensor) -> Tensor:
    return _matrix(length, min(blocks, length)).to(like.device)


@cache
def _matrix(length: int, blocks: int) -> Tensor:
    """``(blocks, length)``: means of equal stretches, fractions of a step included."""
    edges = torch.linspace(0, length, blocks + 1, dtype=torch.float64)
    step = torch.arange(length, dtype=torch.float64)
    overlap = torch.minimum(edges[1:, None], step + 1) - torch.maximum(edges[:-1, None], step)
    return (overlap.clamp_min(0) / (length / blocks)).float()
