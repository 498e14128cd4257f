from __future__ import annotations

import numpy as np
import torch

from sslkit.augment.images.vertical_flip import VerticalFlip
from tests.augment.images.flipping import check_flip


def test_half_of_the_images_are_mirrored_as_by_numpy() -> None:
    check_flip(VerticalFlip(), np.flipud)


def test_twice_is_never() -> None:
    x = torch.rand(4, 3, 5, 6)
    generator = torch.Generator()
    assert torch.equal(VerticalFlip().apply(VerticalFlip().apply(x, generator), generator), x)
