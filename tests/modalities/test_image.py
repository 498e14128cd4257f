"""Pictures: pixels as features, and pictures of any number of channels."""

import numpy as np
import pytest
import torch
from matplotlib.figure import Figure

from sslkit.modalities.image import Image
from sslkit.types import SampleSpec


def spec(*shape: int) -> SampleSpec:
    return SampleSpec("image", shape)


def test_small_pictures_are_their_pixels() -> None:
    x = torch.rand(3, 2, 28, 30)
    assert torch.equal(Image().handcrafted(x, spec(2, 28, 30)), x.flatten(1))


def test_large_pictures_are_averaged_over_areas() -> None:
    x = np.random.default_rng(0).uniform(size=(2, 3, 96, 64))
    expected = x.reshape(2, 3, 32, 3, 32, 2).mean(axis=(3, 5)).reshape(2, -1)
    features = Image().handcrafted(torch.from_numpy(x), spec(3, 96, 64))
    np.testing.assert_allclose(features, expected, rtol=1e-12)


def test_any_size_gives_at_most_32_by_32() -> None:
    assert Image().handcrafted(torch.rand(1, 13, 301, 7), spec(13, 301, 7)).shape == (1, 13 * 32 * 7)


@pytest.mark.parametrize("channels", [1, 2, 3, 13])
def test_draws_any_number_of_channels(channels: int) -> None:
    axes, sample = Figure().subplots(), torch.rand(channels, 6, 5)
    Image().draw(axes, sample, spec(channels, 6, 5))
    drawn = np.asarray(axes.images[0].get_array())
    expected = {1: sample[0], 2: sample.mean(0)}.get(channels, sample[:3].permute(1, 2, 0))
    np.testing.assert_allclose(drawn.squeeze(), expected)
    assert axes.images[0].get_clim() == (0, 1)


def test_standardised_pictures_are_stretched_into_range() -> None:
    axes, sample = Figure().subplots(), 3 * torch.randn(3, 6, 5)
    Image().draw(axes, sample, spec(3, 6, 5))
    drawn = np.asarray(axes.images[0].get_array())
    assert (drawn.min(), drawn.max()) == pytest.approx((0, 1))


def test_pictures_make_no_sound() -> None:
    assert Image().sound(torch.rand(1, 4, 4), spec(1, 4, 4)) is None
