import numpy as np
import torch

from sslkit.augment.sensors.scaling import Scaling, scale


def test_equals_numpy(windows):
    factors = torch.rand(windows.shape[:2]) + 0.5
    expected = windows.numpy() * factors.numpy()[:, :, None]
    np.testing.assert_allclose(scale(windows, factors).numpy(), expected, rtol=1e-6)


def test_factors_are_normal_around_one(generator):
    factors = Scaling(0.1).draw(2000, 6, generator)
    assert abs(factors.mean() - 1) < 0.005 and abs(factors.std() - 0.1) < 0.005
    assert abs(torch.corrcoef(factors.T)[0, 1]) < 0.1


def test_sigma_zero_is_identity(windows, generator):
    assert torch.equal(Scaling(0.0).apply(windows, generator), windows)
