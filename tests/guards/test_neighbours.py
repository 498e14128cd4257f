"""Near-copies: planted ones are found, and chance is not."""

from __future__ import annotations

import numpy as np
import torch
from torch.nn import functional

from sslkit.guards.neighbours import near_copies, signatures


def cloud(count: int, seed: int, dim: int = 32) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    return functional.normalize(torch.randn(count, dim, generator=generator), dim=1)


def test_signatures_are_block_means() -> None:
    x = torch.rand(3, 2, 16, 24)
    expected = functional.adaptive_avg_pool2d(x, (8, 8)).flatten(1)
    expected = functional.normalize(expected - expected.mean(1, keepdim=True), dim=1)
    torch.testing.assert_close(signatures(x), expected, rtol=1e-4, atol=1e-5)
    odd = torch.rand(2, 1, 13, 1)  # 13 rows → 8 blocks of 1.625 rows
    assert abs(float(signatures(odd).sum())) < 1e-5
    holed = torch.rand(2, 3, 100)
    holed[0, 1, 5] = torch.nan
    assert signatures(holed).isfinite().all()


def test_planted_pairs_and_no_other() -> None:
    bank, asked = cloud(800, 0), cloud(200, 1)
    asked[[4, 90]] = functional.normalize(bank[[17, 700]] + 0.004 * cloud(2, 2), dim=1)
    found = near_copies(asked, bank)
    assert found.rows.tolist() == [4, 90]
    assert found.matches.tolist() == [17, 700]
    assert near_copies(asked, bank, skip=np.array([4])).rows.tolist() == [90]


def test_groups_full_of_near_copies_do_not_hide_those_across() -> None:
    """Ten takes of every sample in one group: the nearest neighbours within say nothing about chance."""
    takes = functional.normalize(cloud(60, 0).repeat_interleave(8, 0) + 0.02 * cloud(480, 1), dim=1)
    groups = np.repeat(np.arange(60), 8)
    asked = cloud(50, 2)
    assert len(near_copies(asked, takes, groups).rows) == 0
    asked[3] = functional.normalize(takes[0] + 1e-4 * cloud(1, 3)[0], dim=0)
    assert near_copies(asked, takes, groups).rows.tolist() == [3]


def test_too_few_samples_say_nothing() -> None:
    bank = cloud(15, 0)
    assert len(near_copies(bank[:3], bank).rows) == 0
