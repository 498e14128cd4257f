import numpy as np
import pytest
import torch
from scipy.interpolate import CubicSpline

from sslkit.augment.sensors.splines import smooth_curves


@pytest.mark.parametrize(("points", "length"), [(6, 128), (6, 6), (3, 41), (10, 512)])
def test_equals_scipy_spline_by_spline(points, length):
    knots = torch.randn(4, 2, points)
    curves = smooth_curves(knots, length)
    places = np.linspace(0, length - 1, points)
    for i in range(4):
        for j in range(2):
            expected = CubicSpline(places, knots[i, j].double().numpy())(np.arange(length))
            np.testing.assert_allclose(curves[i, j].numpy(), expected, atol=2e-5)
