import pytest
import torch

from sslkit.augment.sensors.drop_outs import DropOuts, hold, lose
from sslkit.errors import SSLKitError


def test_hold_repeats_the_last_value_on_all_channels(windows, generator):
    lost = DropOuts(length=(0.0, 0.4)).draw(len(windows), windows.shape[-1], generator)
    out = hold(windows, lost)
    for sample, gaps, held in zip(windows, lost, out, strict=True):
        expected = sample.clone()
        for t in range(1, sample.shape[-1]):
            if gaps[t]:
                expected[:, t] = expected[:, t - 1]
        assert torch.equal(held, expected)


def test_zero_and_missing(windows, generator):
    lost = DropOuts().draw(len(windows), windows.shape[-1], torch.Generator().manual_seed(0))
    gone = lost.unsqueeze(1).expand_as(windows)
    assert torch.equal(DropOuts(fill="zero").apply(windows, generator), windows.masked_fill(gone, 0.0))
    out = lose(windows, lost)
    assert torch.equal(out.isnan(), gone) and torch.equal(out[~gone], windows[~gone])


def test_draws(generator):
    lost = DropOuts(bursts=1, length=(0.1, 0.3)).draw(5000, 50, generator)
    assert set(lost.sum(1).tolist()) == set(range(5, 16))
    assert (lost.diff(dim=1).sum(1) <= 2).all()  # one burst: in and out
    assert not lost[:, 0].any() and lost[:, 1].any() and lost[:, -1].any()
    several = DropOuts(bursts=4, length=(0.1, 0.1)).draw(5000, 50, generator).sum(1)
    assert several.max() == 20 and several.min() >= 5 and len(several.unique()) > 10


def test_nothing_all_and_what_is_no_range(windows, generator):
    assert torch.equal(DropOuts(length=(0.0, 0.0)).apply(windows, generator), windows)
    held = DropOuts(length=(1.0, 1.0)).apply(windows, generator)
    assert torch.equal(held, windows[..., :1].expand_as(windows))
    with pytest.raises(SSLKitError, match="drop-outs: length is a range"):
        DropOuts(length=(0.2, 0.1))
