import pytest
import torch

from sslkit.augment.sensors.time_mask import TimeMask, mask_time
from sslkit.errors import SSLKitError


def test_equals_slicing(windows, generator):
    starts, widths = TimeMask((0.0, 0.5)).draw(len(windows), windows.shape[-1], generator)
    out = mask_time(windows, starts, widths)
    for i in range(len(windows)):
        expected = windows[i].clone()
        expected[:, int(starts[i]) : int(starts[i] + widths[i])] = 0
        assert torch.equal(out[i], expected)


def test_draws(generator):
    starts, widths = TimeMask((0.1, 0.3)).draw(5000, 50, generator)
    assert set(widths.tolist()) == set(range(5, 16))
    assert starts.min() == 0 and (starts + widths).max() == 50


def test_nothing_and_everything(windows, generator):
    assert torch.equal(TimeMask((0.0, 0.0)).apply(windows, generator), windows)
    assert (TimeMask((1.0, 1.0)).apply(windows, generator) == 0).all()
    with pytest.raises(SSLKitError, match="width is a range"):
        TimeMask((0.5, 0.1))
