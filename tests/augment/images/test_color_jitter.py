from __future__ import annotations

from typing import Literal

import pytest
import torch

from sslkit.augment.images.color_exact import exact
from sslkit.augment.images.color_jitter import ColorJitter
from sslkit.augment.images.color_matrix import matrix
from sslkit.errors import SSLKitError
from sslkit.types import SampleSpec
from tests.augment.images.color_steps import ADJUST, colours, seeded, steps


def test_the_method_is_the_one_that_is_set() -> None:
    x = colours(7, 3, 6, 5)
    for method, function in (("exact", exact), ("matrix", matrix)):
        jitter = ColorJitter(0.4, 0.3, 0.2, 0.1, method=method)
        assert torch.equal(jitter.apply(x, seeded(2)), function(x, jitter.draw(7, seeded(2))))


def test_settings_are_the_draws_bounds() -> None:
    draw = ColorJitter(0.4, 0.3, 1.2, 0.1).draw(2000, seeded())
    bounds = {"brightness": (0.6, 1.4), "contrast": (0.7, 1.3), "saturation": (0.0, 2.2), "hue": (-0.1, 0.1)}
    found = [dict(sequence) for sequence in steps(draw, 2000)]
    for name, (low, high) in bounds.items():
        amounts = [image[name] for image in found]
        reach = 0.01 * (high - low)
        assert low <= min(amounts) < low + reach and high - reach < max(amounts) <= high


@pytest.mark.parametrize("method", ["exact", "matrix"])
@pytest.mark.parametrize("channels", [1, 2, 4, 13])
def test_other_channel_counts_channel_by_channel(channels: int, method: Literal["exact", "matrix"]) -> None:
    jitter = ColorJitter(saturation=0.0, hue=0.0, method=method)
    jitter.check(SampleSpec("image", (channels, 8, 8)))
    x = torch.rand(9, channels, 8, 8, generator=seeded())
    expected = []
    for image, sequence in zip(x, steps(jitter.draw(9, seeded(1)), 9), strict=True):
        for name, amount in sequence:  # torchvision takes one grey channel at a time
            image = torch.stack([ADJUST[name](channel[None], amount)[0] for channel in image])
        expected.append(image)
    torch.testing.assert_close(jitter.apply(x, seeded(1)), torch.stack(expected), atol=1e-5, rtol=0)


@pytest.mark.parametrize("settings", [{"hue": 0.1, "saturation": 0.0}, {"hue": 0.0, "saturation": 0.1}, {}])
@pytest.mark.parametrize("channels", [1, 4])
def test_colour_needs_rgb(channels: int, settings: dict) -> None:
    with pytest.raises(SSLKitError, match=f"these have {channels} channels. Set saturation and hue to 0"):
        ColorJitter(**settings).check(SampleSpec("image", (channels, 8, 8)))


def test_no_strength_changes_nothing() -> None:
    x = torch.rand(5, 3, 4, 4, generator=seeded())
    assert torch.equal(ColorJitter(0.0, 0.0, 0.0, 0.0).apply(x, seeded()), x)
    assert torch.equal(ColorJitter(0.0, 0.0, 0.0, 0.0, method="matrix").apply(x, seeded()), x)
