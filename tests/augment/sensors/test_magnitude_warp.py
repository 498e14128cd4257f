import numpy as np
import torch
from scipy.interpolate import CubicSpline

from sslkit.augment.sensors.magnitude_warp import MagnitudeWarp, warp_magnitude


def test_equals_um_et_al_with_scipy(windows, generator):
    batch, channels, length = windows.shape
    knots = MagnitudeWarp().draw((batch, channels), generator)
    warped = warp_magnitude(windows, knots)
    places = np.linspace(0, length - 1, 6)
    for i in range(batch):
        for c in range(channels):
            curve = CubicSpline(places, knots[i, c].double().numpy())(np.arange(length))
            np.testing.assert_allclose(warped[i, c].numpy(), windows[i, c].numpy() * curve, atol=1e-5)


def test_knots_are_normal_around_one(generator):
    knots = MagnitudeWarp(0.2).draw((1000, 6), generator)
    assert knots.shape == (1000, 6, 6)
    assert abs(knots.mean() - 1) < 0.005 and abs(knots.std() - 0.2) < 0.005


def test_sigma_zero_is_identity(windows, generator):
    torch.testing.assert_close(MagnitudeWarp(0.0).apply(windows, generator), windows)
