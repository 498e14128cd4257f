import numpy as np
import pytest
import torch

from sslkit.augment.sensors.crop_resize import CropResize
from sslkit.augment.sensors.resampling import read_span
from sslkit.errors import SSLKitError


def test_equals_numpy(windows, generator):
    length = windows.shape[-1]
    starts, spans = CropResize((0.3, 0.9)).draw(len(windows), length, generator)
    out = read_span(windows, starts, spans)
    for i, sample in enumerate(windows.double().numpy()):
        times = np.linspace(float(starts[i]), float(starts[i] + spans[i]), length)
        for c in range(len(sample)):
            np.testing.assert_allclose(out[i, c], np.interp(times, np.arange(length), sample[c]), atol=2e-4)


def test_draws_stay_inside(generator):
    starts, spans = CropResize((0.3, 0.9)).draw(5000, 100, generator)
    assert starts.min() >= 0 and (starts + spans).max() <= 99.001
    assert abs(spans.mean() / 99 - 0.6) < 0.01
    assert spans.min() >= 0.3 * 99 and spans.max() <= 0.9 * 99


def test_scale_one_is_identity(windows, generator):
    torch.testing.assert_close(CropResize((1.0, 1.0)).apply(windows, generator), windows, atol=2e-4, rtol=0)


@pytest.mark.parametrize("scale", [(0.9, 0.5), (-0.1, 0.5), (0.5, 1.2)])
def test_impossible_ranges(scale):
    with pytest.raises(SSLKitError, match="scale is a range"):
        CropResize(scale)
