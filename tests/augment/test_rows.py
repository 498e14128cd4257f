import numpy as np
import torch

from sslkit.augment.rows import between_rows, weighted_rows


def test_equals_numpys_interpolation():
    x = torch.randn(3, 2, 9, 5)
    places = torch.rand(3, 7) * 8
    places[0, :2] = torch.tensor([0.0, 8.0])
    out = weighted_rows(x, *between_rows(places, 9))
    assert out.shape == (3, 2, 7, 5)
    for sample, channel, column in np.ndindex(3, 2, 5):
        expected = np.interp(places[sample], np.arange(9), x[sample, channel, :, column])
        np.testing.assert_allclose(out[sample, channel, :, column], expected, atol=1e-5)
