import numpy as np
import pytest
import torch

from sslkit.augment.sensors.window_warp import WindowWarp, warped_clock
from sslkit.errors import SSLKitError


def test_the_clock_is_the_inverse_of_the_stretched_axis(generator):
    length, ratio = 101, 0.1
    starts, scales = WindowWarp(ratio).draw(20, length, generator)
    times = warped_clock(starts, scales, ratio, length)
    for i in range(20):
        start, scale, span = float(starts[i]), float(scales[i]), ratio * 100
        original = [0.0, start, start + span, 100.0]
        stretched = [0.0, start, start + span * scale, 100.0 + span * (scale - 1)]
        expected = np.interp(np.linspace(0, stretched[-1], length), stretched, original)
        np.testing.assert_allclose(times[i], expected, atol=1e-4)


def test_draws(generator):
    starts, scales = WindowWarp().draw(2000, 128, generator)
    assert set(scales.tolist()) == {0.5, 2.0}
    assert abs((scales == 2.0).float().mean() - 0.5) < 0.05
    assert starts.min() >= 0 and starts.max() <= 127 * 0.9


def test_scale_one_is_identity(windows, generator):
    out = WindowWarp(scales=(1.0,)).apply(windows, generator)
    torch.testing.assert_close(out, windows, atol=2e-4, rtol=0)


def test_no_scales():
    with pytest.raises(SSLKitError, match="scales is empty"):
        WindowWarp(scales=())


def test_strength_squares_the_scales():
    assert WindowWarp.at_strength({"scales": (0.5, 2.0)}, 2.0) == {"scales": (0.25, 4.0)}
