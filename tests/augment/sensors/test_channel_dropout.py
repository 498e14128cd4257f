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


def test_groups_fail_together(generator):
    dropout = ChannelDropout(0.5, groups=[["ax", "ay"], ["gx", "gy"]])
    dropout.check(SampleSpec("sensor", (5, 20), channels=("t", "ax", "gx", "ay", "gy")))
    kept = dropout.draw(3000, 5, generator)
    assert kept[:, 0].all()
    assert torch.equal(kept[:, 1], kept[:, 3]) and torch.equal(kept[:, 2], kept[:, 4])
    both_gone = (~kept[:, 1:]).all(1).float().mean()
    assert abs(both_gone - 0.25) < 0.03  # there is a channel outside of the groups, so both may go
    assert abs(kept[:, 1].float().mean() - 0.5) < 0.03


def test_one_group_of_several_stays(generator):
    kept = ChannelDropout(1.0, groups=[[0, 1], [2, 3]]).draw(400, 4, generator)
    assert (kept.sum(1) == 2).all() and 100 < kept[:, 0].sum() < 300


@pytest.mark.parametrize(
    ("groups", "message"),
    [
        ([["acc_x", "acc_y"]], "no channel 'acc_y'. Did you mean 'acc_x'"),
        ([[0], [0, 1]], "two places"),
        ([[0, 1, 2]], "the only group holds all"),
    ],
)
def test_groups_that_do_not_fit(groups, message):
    with pytest.raises(SSLKitError, match=message):
        ChannelDropout(groups=groups).check(SampleSpec("sensor", (3, 20), channels=("acc_x", "gyr_z", "t")))
