import numpy as np
import torch
from scipy.interpolate import CubicSpline

from sslkit.augment.sensors.resampling import read_at
from sslkit.augment.sensors.time_warp import SLOWEST, TimeWarp, clock


def reference_clock(speeds, length):
    speed = CubicSpline(np.linspace(0, length - 1, len(speeds)), speeds)(np.arange(length))
    speed = np.maximum(speed, SLOWEST)
    passed = np.concatenate([[0.0], np.cumsum(speed[1:])])
    return passed * (length - 1) / passed[-1]


def test_equals_scipy_and_numpy_sample_by_sample(windows, generator):
    batch, channels, length = windows.shape
    speeds = TimeWarp().draw((batch,), generator)
    out = read_at(windows, clock(speeds, length))
    for i in range(batch):
        times = reference_clock(speeds[i].double().numpy(), length)
        for c in range(channels):
            expected = np.interp(times, np.arange(length), windows[i, c].double())
            np.testing.assert_allclose(out[i, c], expected, atol=5e-4)


def test_the_clock_is_monotone_and_keeps_the_ends(generator):
    wild = clock(TimeWarp(1.5).draw((500,), generator), 200)
    assert (wild.diff(dim=1) > 0).all()
    assert (wild[:, 0] == 0).all()
    torch.testing.assert_close(wild[:, -1], torch.full((500,), 199.0))
    assert wild.max() <= 199


def test_channels_stay_in_step(generator):
    x = torch.randn(4, 1, 64).expand(4, 5, 64)
    out = TimeWarp().apply(x, generator)
    assert torch.equal(out, out[:, :1].expand(4, 5, 64))


def test_sigma_zero_is_identity(windows, generator):
    torch.testing.assert_close(TimeWarp(0.0).apply(windows, generator), windows, atol=5e-4, rtol=0)
