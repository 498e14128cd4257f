from __future__ import annotations

import pytest
import torch
from torchvision.transforms.v2.functional import rgb_to_grayscale

from sslkit.augment.images.grayscale import Grayscale
from sslkit.errors import SSLKitError
from sslkit.types import SampleSpec


def test_equals_torchvision() -> None:
    x = torch.rand(5, 3, 7, 6, generator=torch.Generator().manual_seed(0))
    grey = Grayscale().apply(x, torch.Generator())
    torch.testing.assert_close(grey, rgb_to_grayscale(x, num_output_channels=3), atol=1e-6, rtol=0)


def test_one_of_five_by_default() -> None:
    x = torch.rand(4000, 3, 1, 1, generator=torch.Generator().manual_seed(0))
    changed = (Grayscale()(x, torch.Generator().manual_seed(1)) != x).flatten(1).any(1)
    assert abs(changed.float().mean() - 0.2) < 0.03


@pytest.mark.parametrize("channels", [1, 2, 4, 13])
def test_needs_rgb(channels: int) -> None:
    with pytest.raises(SSLKitError, match=f"these have {channels} channels. Leave it out"):
        Grayscale().check(SampleSpec("image", (channels, 8, 8)))


def test_needs_images() -> None:
    with pytest.raises(SSLKitError, match="grayscale takes images"):
        Grayscale().check(SampleSpec("sensor", (3, 128)))
