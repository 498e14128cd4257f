import numpy as np
import torch
from scipy.interpolate import CubicSpline

from sslkit.augment.sensors.baseline_drift import BaselineDrift, add_drift


def test_equals_scipy_sample_by_sample(windows, generator):
    batch, channels, length = windows.shape
    knots = BaselineDrift().draw((batch, channels), generator)
    out = add_drift(windows, knots)
    places = np.linspace(0, length - 1, 4)
    for i in range(batch):
        for c in range(channels):
            curve = CubicSpline(places, knots[i, c].double().numpy())(np.arange(length))
            np.testing.assert_allclose(out[i, c], windows[i, c].numpy() + curve, atol=1e-5)


def test_values_at_the_knots_are_normal_around_zero(generator):
    knots = BaselineDrift(0.3).draw((1000, 6), generator)
    assert knots.shape == (1000, 6, 4)
    assert abs(knots.mean()) < 0.01 and abs(knots.std() - 0.3) < 0.01


def test_the_drift_is_slow(generator):
    drift = BaselineDrift(1.0).apply(torch.zeros(50, 2, 256), generator)
    power = torch.fft.rfft(drift * torch.hann_window(256)).abs().square()
    assert power[..., :6].sum() > 0.99 * power.sum()


def test_sigma_zero_is_identity(windows, generator):
    assert torch.equal(BaselineDrift(0.0).apply(windows, generator), windows)
