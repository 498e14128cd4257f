import numpy as np
import pytest
import torch
from scipy.signal import butter, freqs_zpk

from sslkit.augment.audio.waveform_band_stop import WaveformBandStop, band_stop
from sslkit.errors import SSLKitError


def test_equals_scipys_butterworth_amplitudes(waveforms, generator):
    lows, highs = WaveformBandStop().draw(len(waveforms), generator)
    out = band_stop(waveforms, lows, highs, 16000.0)
    frequencies = np.fft.rfftfreq(waveforms.shape[1], 1 / 16000)
    for i, wave in enumerate(waveforms.double().numpy()):
        zpk = butter(4, [float(lows[i]), float(highs[i])], "bandstop", analog=True, output="zpk")
        gains = np.abs(freqs_zpk(*zpk, frequencies)[1])
        np.testing.assert_allclose(out[i], np.fft.irfft(np.fft.rfft(wave) * gains, len(wave)), atol=2e-6)


def test_a_centre_that_is_a_frequency_of_the_spectrum():
    out = band_stop(torch.randn(1, 1600), torch.tensor([500.0]), torch.tensor([2000.0]), 16000.0)
    assert out.isfinite().all()


def test_draws_and_ranges(generator):
    lows, highs = WaveformBandStop().draw(5000, generator)
    centres, widths = (lows + highs) / 2, 2 * (highs - lows) / (highs + lows)
    assert lows.min() > 0 and 199.9 < centres.min() < 205 and 3950 < centres.max() < 4000.1
    assert 0.499 < widths.min() < 0.51 and 1.98 < widths.max() < 1.991
    with pytest.raises(SSLKitError, match="centre is a range"):
        WaveformBandStop(centre=(4000.0, 200.0))
    with pytest.raises(SSLKitError, match="width is a range"):
        WaveformBandStop(width=(1.0, 0.5))
