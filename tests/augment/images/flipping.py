"""What the tests of both flips share."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch

from sslkit.types import Augmentation


def check_flip(flip: Augmentation, numpys: Callable[[np.ndarray], np.ndarray]) -> None:
    """Half of the images are what numpy makes of them channel by channel, the others unchanged."""
    x = torch.rand(2000, 2, 3, 4, generator=torch.Generator().manual_seed(0))
    result = flip(x, torch.Generator().manual_seed(1))
    changed = 0
    for before, after in zip(x.numpy(), result.numpy(), strict=True):
        mirrored = np.stack([numpys(channel) for channel in before])
        assert np.array_equal(after, before) or np.array_equal(after, mirrored)
        changed += not np.array_equal(after, before)
    assert abs(changed / 2000 - 0.5) < 0.05
