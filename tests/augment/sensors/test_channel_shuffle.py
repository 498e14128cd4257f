import pytest
import torch

from sslkit.augment.sensors.channel_shuffle import ChannelShuffle, shuffle_channels
from sslkit.errors import SSLKitError
from sslkit.types import SampleSpec


def test_equals_indexing_sample_by_sample(windows, generator):
    order = ChannelShuffle().draw(windows.shape[0], windows.shape[1], generator)
    out = shuffle_channels(windows, order)
    for sample, shuffled, one in zip(windows, out, order, strict=True):
        assert torch.equal(shuffled, sample[one])


def test_all_orders_are_as_likely(generator):
    order = ChannelShuffle().draw(6000, 3, generator)
    shares = torch.unique(order, dim=0, return_counts=True)[1] / 6000
    torch.testing.assert_close(shares, torch.full((6,), 1 / 6), atol=0.02, rtol=0)


def test_half_of_the_samples(generator):
    x = torch.randn(2000, 8, 5)
    changed = (ChannelShuffle()(x, generator) != x).flatten(1).any(1)
    assert 900 < changed.sum() < 1100
    with pytest.raises(SSLKitError, match="at least 2 channels"):
        ChannelShuffle().check(SampleSpec("sensor", (1, 20)))
