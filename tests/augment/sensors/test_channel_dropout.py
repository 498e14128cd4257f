import pytest
import torch

from sslkit.augment.sensors.channel_dropout import ChannelDropout
from sslkit.errors import SSLKitError
from sslkit.types import SampleSpec


def test_channels_are_whole_or_zero(generator):
    x = torch.randn(50, 6, 20)
    out = ChannelDropout(0.5).apply(x, generator)
    dropped = (out == 0).all(dim=2)
    assert torch.equal(out, torch.where(dropped[:, :, None], 0.0, x))
    assert dropped.any() and not dropped.all(dim=1).any()


def test_rates(generator):
    kept = ChannelDropout(0.2).draw(5000, 8, generator)
    assert abs(kept.float().mean() - 0.8) < 0.01
    assert (ChannelDropout(1.0).draw(100, 4, generator).sum(1) == 1).all()
    assert ChannelDropout(0.0).draw(100, 4, generator).all()


def test_one_channel_is_refused():
    with pytest.raises(SSLKitError, match="at least 2 channels"):
        ChannelDropout().check(SampleSpec("sensor", (1, 100)))
