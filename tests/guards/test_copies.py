"""Exact copies by hash, against a search over all pairs."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from sslkit.guards.copies import matching_hashes, sample_hashes


@pytest.mark.parametrize("dtype", [torch.uint8, torch.int16, torch.float32])
@pytest.mark.parametrize("shape", [(7,), (2, 5), (3, 4, 4)])
def test_equal_samples_and_no_others_have_equal_hashes(dtype: torch.dtype, shape: tuple[int, ...]) -> None:
    x = torch.from_numpy(np.random.default_rng(0).integers(0, 2, (40, *shape))).to(dtype)
    x[5], x[9] = x[1], x[1]
    hashes = sample_hashes(x)
    equal = [[bool((a == b).all()) for b in x] for a in x]
    assert [[a == b for b in hashes] for a in hashes] == equal
    assert {len(digest) for digest in hashes} == {16}


def test_a_view_of_other_memory_has_the_same_hash() -> None:
    x = torch.arange(24.0).reshape(2, 3, 4)
    assert sample_hashes(x.transpose(1, 2)) == sample_hashes(x.transpose(1, 2).contiguous())
    assert sample_hashes(x[:, :, ::2]) == sample_hashes(x[:, :, ::2].clone())


def test_the_first_place_of_a_match() -> None:
    rows, matches = matching_hashes([b"a", b"b", b"c", b"a"], [b"x", b"a", b"c", b"a"])
    assert (rows.tolist(), matches.tolist()) == ([0, 2, 3], [1, 2, 1])
    rows, matches = matching_hashes([b"a"], [])
    assert (rows.tolist(), matches.tolist(), rows.dtype) == ([], [], np.int64)
