from __future__ import annotations

import numpy as np
import pytest
import torch

from sslkit.augment.images.horizontal_flip import HorizontalFlip
from sslkit.augment.images.vertical_flip import VerticalFlip
from sslkit.types import Augmentation


@pytest.mark.parametrize(("flip", "numpy_flip"), [(HorizontalFlip(), np.fliplr), (VerticalFlip(), np.flipud)])
def test_half_of_the_images_are_mirrored(flip: Augmentation, numpy_flip) -> None:
    x = torch.rand(2000, 2, 3, 4, generator=torch.Generator().manual_seed(0))
    result = flip(x, torch.Generator().manual_seed(1))
    changed = 0
    for before, after in zip(x.numpy(), result.numpy(), strict=True):
        mirrored = np.stack([numpy_flip(channel) for channel in before])
        assert np.array_equal(after, before) or np.array_equal(after, mirrored)
        changed += not np.array_equal(after, before)
    assert abs(changed / 2000 - 0.5) < 0.05
