from __future__ import annotations

import numpy as np
import pytest
import torch

from sslkit.augment.images.quarter_turns import QuarterTurns


@pytest.mark.parametrize(("shape", "turns"), [((3, 5, 5), (0, 1, 2, 3)), ((1, 5, 4), (0, 2))])
@pytest.mark.parametrize("batch", [1, 6, 33])
def test_every_image_gets_one_of_the_turns(
    batch: int, shape: tuple[int, ...], turns: tuple[int, ...]
) -> None:
    x = torch.rand(batch, *shape, generator=torch.Generator().manual_seed(0))
    generator = torch.Generator().manual_seed(1)
    counts = dict.fromkeys(turns, 0)
    rounds = 3000 // batch
    for _ in range(rounds):
        for before, after in zip(x.numpy(), QuarterTurns()(x, generator).numpy(), strict=True):
            matches = [turn for turn in turns if np.array_equal(np.rot90(before, turn, (1, 2)), after)]
            assert len(matches) == 1
            counts[matches[0]] += 1
    for count in counts.values():
        assert abs(count / (rounds * batch) * len(turns) - 1) < 0.2
