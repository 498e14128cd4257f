import numpy as np
import pytest
import torch

from sslkit.augment.sensors.band_stop import BandStop, stop_band
from sslkit.errors import SSLKitError


def test_equals_numpy(windows, generator):
    length = windows.shape[-1]
    lows, highs = BandStop((0.1, 0.5)).draw(len(windows), generator)
    out = stop_band(windows, lows, highs)
    for i, sample in enumerate(windows.double().numpy()):
        spectrum = np.fft.rfft(sample)
        frequencies = np.fft.rfftfreq(length, 0.5)
        spectrum[:, (frequencies > 0) & (frequencies >= float(lows[i])) & (frequencies < float(highs[i]))] = 0
        np.testing.assert_allclose(out[i], np.fft.irfft(spectrum, length), atol=1e-5)


def test_a_tone_in_the_band_goes_and_others_stay():
    time = torch.arange(200)
    slow, fast = torch.sin(2 * torch.pi * 10 / 200 * time), torch.sin(2 * torch.pi * 60 / 200 * time)
    out = stop_band((1 + slow + fast).expand(1, 2, 200), torch.tensor([0.5]), torch.tensor([0.7]))
    torch.testing.assert_close(out, (1 + slow).expand(1, 2, 200), atol=5e-5, rtol=0)


def test_draws(generator):
    lows, highs = BandStop((0.05, 0.25)).draw(3000, generator)
    assert lows.min() >= 0 and highs.max() <= 1
    assert abs((highs - lows).mean() - 0.15) < 0.01
    with pytest.raises(SSLKitError, match="width is a range"):
        BandStop((0.5, 1.5))


def test_no_width_is_identity(windows, generator):
    torch.testing.assert_close(BandStop((0.0, 0.0)).apply(windows, generator), windows, atol=1e-5, rtol=0)
