"""Samples that were standardised with the statistics of training and test part together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

EXACT, OFF = 1e-4, 1e-3  # how near to mean 0 and spread 1 the whole is, and how far the training part alone


@dataclass
class ChannelSums:
    """Count, sum and sum of squares of each channel."""

    count: int
    total: np.ndarray
    squares: np.ndarray


def channel_sums(raw: Tensor) -> ChannelSums:
    """Of a batch of signals ``(B, C, T)``; missing values are left out as zeros."""
    values = torch.nan_to_num(raw).double()
    return ChannelSums(
        values.shape[0] * values.shape[2],
        values.sum(dim=(0, 2)).numpy().copy(),
        values.square().sum(dim=(0, 2)).numpy().copy(),
    )


def pooled_sums(pieces: Sequence[ChannelSums]) -> ChannelSums:
    """Of all together."""
    return ChannelSums(
        sum(piece.count for piece in pieces),
        np.sum([piece.total for piece in pieces], axis=0),
        np.sum([piece.squares for piece in pieces], axis=0),
    )


def standardised_together(train: ChannelSums, everything: ChannelSums) -> bool:
    """Whether all parts together have mean 0 and spread 1 in every channel (or over all), and training has not."""
    by_channel = _away(everything.total, everything.squares, everything.count)
    over_all = _away(
        everything.total.sum(), everything.squares.sum(), everything.count * everything.total.size
    )
    if by_channel < EXACT:
        return _away(train.total, train.squares, train.count) > OFF
    if over_all < EXACT:
        return _away(train.total.sum(), train.squares.sum(), train.count * train.total.size) > OFF
    return False


def _away(total: np.ndarray, squares: np.ndarray, count: int) -> float:
    """The largest distance of a mean from 0 or a spread from 1."""
    mean = np.asarray(total) / count
    spread = np.sqrt(np.maximum(np.asarray(squares) / count - mean**2, 0))
    return float(max(np.abs(mean).max(), np.abs(spread - 1).max()))
