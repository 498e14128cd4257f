import numpy as np
import pytest
import torch

from sslkit.augment.sensors.saturation import Saturation, saturate
from sslkit.errors import SSLKitError


def test_equals_numpy_clip(windows, generator):
    levels = Saturation().draw(len(windows), generator)
    out = saturate(windows, levels)
    for sample, level, clipped in zip(windows.double().numpy(), levels, out, strict=True):
        for values, result in zip(sample, clipped, strict=True):
            middle, half = (values.max() + values.min()) / 2, (values.max() - values.min()) / 2
            expected = np.clip(values, middle - float(level) * half, middle + float(level) * half)
            np.testing.assert_allclose(result, expected, atol=1e-5)


def test_missing_values_do_not_count():
    x = torch.tensor([[[0.0, torch.nan, 10.0, 5.0], [torch.nan] * 4]])
    out = saturate(x, torch.tensor([0.5]))
    expected = torch.tensor([[[2.5, torch.nan, 7.5, 5.0], [torch.nan] * 4]])
    torch.testing.assert_close(out, expected, equal_nan=True)


def test_draws_identity_and_bounds(windows, generator):
    levels = Saturation((0.6, 1.0)).draw(3000, generator)
    assert 0.6 <= levels.min() < 0.61 and 0.99 < levels.max() <= 1.0
    assert torch.equal(Saturation((1.0, 1.0)).apply(windows, generator), windows)
    with pytest.raises(SSLKitError, match="saturation: level is a range"):
        Saturation((0.0, 1.0))
