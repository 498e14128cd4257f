"""Which samples of very many are looked at."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from sslkit.data.looking import RUN, bytes_of, chosen_places
from sslkit.data.samples import ArraySamples
from sslkit.types import Part

SIZE = 4 * 3  # bytes of a sample


def part_of(count: int) -> Part:
    return Part(ArraySamples(np.zeros((count, 3), np.float32)), np.zeros(count, np.int64))


def test_bytes_are_those_of_all_samples() -> None:
    assert bytes_of(part_of(0), part_of(10), part_of(5)) == 15 * SIZE
    assert bytes_of(part_of(0)) == bytes_of() == 0
    assert bytes_of(Part(torch.zeros(4, 2, dtype=torch.int16), np.zeros(4))) == 16


@pytest.mark.parametrize("count", [0, 1, 1000])
def test_few_are_all_looked_at(count: int) -> None:
    part = part_of(count)
    assert chosen_places(part, np.arange(count), bytes_of(part)).tolist() == list(range(count))


@pytest.mark.parametrize("share", [2, 3, 40])
def test_of_many_even_runs_of_about_the_limit(share: int) -> None:
    part = part_of(64_000)
    places = chosen_places(part, np.arange(64_000), bytes_of(part), bytes_of(part) // share)
    assert len(places) == pytest.approx(64_000 / share, abs=RUN)
    starts = places[::RUN]
    assert (places.reshape(-1, RUN) - starts[:, None] == np.arange(RUN)).all()
    assert set(np.diff(starts)) == {share * RUN}


def test_parts_of_one_source_are_looked_at_in_the_same_stretches() -> None:
    """Neighbours that a random cut has put into two parts meet."""
    order = np.random.default_rng(0).permutation(64_000)
    rows = [np.sort(order[:50_000]), np.sort(order[50_000:])]
    parts = [part_of(len(one)) for one in rows]
    total = bytes_of(*parts)
    train, test = (
        one[chosen_places(part, one, total, total // 10)] for part, one in zip(parts, rows, strict=True)
    )
    near = np.isin(test + 1, train) | np.isin(test - 1, train)
    assert near.mean() > 0.9 and len(np.intersect1d(train, test)) == 0


def test_a_part_that_has_none_of_the_stretches_is_looked_at_all_the_same() -> None:
    assert chosen_places(part_of(20), np.arange(64, 84), 10**9, 10**3).tolist() == list(range(20))
