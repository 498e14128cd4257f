import numpy as np
import pytest
from scipy.signal import butter, freqs

from sslkit.augment.audio.waveform_high_pass import WaveformHighPass, high_pass
from sslkit.errors import SSLKitError


def test_equals_scipys_butterworth_amplitudes(waveforms, generator):
    cutoffs = WaveformHighPass().draw(len(waveforms), generator)
    out = high_pass(waveforms, cutoffs, 16000.0)
    frequencies = np.fft.rfftfreq(waveforms.shape[1], 1 / 16000)
    for i, wave in enumerate(waveforms.double().numpy()):
        b, a = butter(4, float(cutoffs[i]), "highpass", analog=True)
        gains = np.abs(freqs(b, a, frequencies)[1])
        np.testing.assert_allclose(out[i], np.fft.irfft(np.fft.rfft(wave) * gains, len(wave)), atol=1e-6)


def test_draws_and_ranges(generator):
    cutoffs = WaveformHighPass().draw(5000, generator)
    assert 20 <= cutoffs.min() < 25 and 2390 < cutoffs.max() <= 2400
    with pytest.raises(SSLKitError, match="smaller first"):
        WaveformHighPass((2400.0, 20.0))
