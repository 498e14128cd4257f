"""Sums of channels and what they tell, against numpy."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from sslkit.guards.standardisation import channel_sums, pooled_sums, standardised_together


def test_sums_are_numpys_and_missing_values_are_left_out() -> None:
    x = np.random.default_rng(0).normal(3, 2, (20, 3, 50)).astype(np.float32)
    x[2, 1, 7] = np.nan
    found = channel_sums(torch.from_numpy(x))
    assert found.count == 20 * 50
    np.testing.assert_allclose(found.total, np.nansum(x.astype(np.float64), axis=(0, 2)))
    np.testing.assert_allclose(found.squares, np.nansum(np.square(x.astype(np.float64)), axis=(0, 2)))


def test_batches_add_up_to_the_whole() -> None:
    x = torch.randn(30, 2, 9, generator=torch.Generator().manual_seed(0))
    whole, pieces = channel_sums(x), pooled_sums([channel_sums(x[:11]), channel_sums(x[11:])])
    assert pieces.count == whole.count
    np.testing.assert_allclose(pieces.total, whole.total)
    np.testing.assert_allclose(pieces.squares, whole.squares)


@pytest.mark.parametrize("axes", [(0, 2), (0, 1, 2)])
def test_statistics_of_all_parts_are_told_from_those_of_training(axes: tuple[int, ...]) -> None:
    drift = np.linspace(0, 3, 400)[:, None, None]
    x = np.random.default_rng(0).normal(3, 2, (400, 2, 40)) + drift
    together = (x - x.mean(axes, keepdims=True)) / x.std(axes, keepdims=True)
    train = x[:300]
    apart = (x - train.mean(axes, keepdims=True)) / train.std(axes, keepdims=True)
    for values, expected in ((together, True), (apart, False), (x, False)):
        tensor = torch.from_numpy(values)
        assert standardised_together(channel_sums(tensor[:300]), channel_sums(tensor)) == expected


def test_training_data_that_are_standardised_too_prove_nothing() -> None:
    x = np.random.default_rng(1).normal(size=(100, 1, 50))
    x = (x - x.mean()) / x.std()
    tensor = torch.from_numpy(np.concatenate([x, x]))  # test part of equal statistics
    assert not standardised_together(channel_sums(tensor[:100]), channel_sums(tensor))
