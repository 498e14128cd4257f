from __future__ import annotations

import math

import pytest
import torch
from scipy import stats

from sslkit.augment.draws import check_range, normal, uniform
from sslkit.errors import SSLKitError


def seeded() -> torch.Generator:
    return torch.Generator().manual_seed(0)


def test_uniform_is_uniform() -> None:
    numbers = uniform((100, 200), -1.0, 3.0, seeded())
    assert numbers.shape == (100, 200) and numbers.min() >= -1 and numbers.max() < 3
    assert stats.kstest(numbers.flatten().numpy(), "uniform", (-1, 4)).pvalue > 0.01


def test_a_shape_of_one_number_is_a_vector_of_the_same_numbers() -> None:
    assert torch.equal(uniform(6, 0.0, 1.0, seeded()), uniform((2, 3), 0.0, 1.0, seeded()).flatten())
    assert torch.equal(uniform(6, 2.0, 2.0, seeded()), torch.full((6,), 2.0))


def test_normal_is_normal() -> None:
    numbers = normal((100, 200), 1.0, 0.5, seeded())
    assert numbers.shape == (100, 200)
    assert stats.kstest(numbers.flatten().numpy(), "norm", (1, 0.5)).pvalue > 0.01
    assert torch.equal(normal((3,), 4.0, 0.0, seeded()), torch.full((3,), 4.0))


@pytest.mark.parametrize("bounds", [(0.0, 0.0), (0.2, 1.0), (1.0, 1.0)])
def test_ranges_in_order_and_within_pass(bounds: tuple[float, float]) -> None:
    check_range("x: y", bounds, 0.0, 1.0)


@pytest.mark.parametrize("bounds", [(0.5, 0.2), (-0.1, 0.2), (0.5, 1.1), (math.nan, 1.0), (0.0, math.nan)])
def test_others_are_refused(bounds: tuple[float, float]) -> None:
    with pytest.raises(SSLKitError, match=r"^x: y is a range \(from, to\) within 0…1, smaller first; found"):
        check_range("x: y", bounds, 0.0, 1.0)


def test_without_limits_only_the_order_counts() -> None:
    check_range("snr", (-200.0, 1e9))
    with pytest.raises(
        SSLKitError, match=r"^snr is a range \(from, to\), smaller first; found \(3\.0, 1\.0\)"
    ):
        check_range("snr", (3.0, 1.0))
