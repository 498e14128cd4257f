import numpy as np
import pytest
import torch
from scipy.signal import butter, freqs

from sslkit.augment.audio.waveform_low_pass import WaveformLowPass, low_pass
from sslkit.errors import SSLKitError
from sslkit.types import SampleSpec


def test_equals_scipys_butterworth_amplitudes(waveforms, generator):
    cutoffs = WaveformLowPass().draw(len(waveforms), generator)
    out = low_pass(waveforms, cutoffs, 16000.0)
    frequencies = np.fft.rfftfreq(waveforms.shape[1], 1 / 16000)
    for i, wave in enumerate(waveforms.double().numpy()):
        b, a = butter(4, float(cutoffs[i]), analog=True)
        gains = np.abs(freqs(b, a, frequencies)[1])
        np.testing.assert_allclose(out[i], np.fft.irfft(np.fft.rfft(wave) * gains, len(wave)), atol=1e-6)


def test_draws(generator):
    cutoffs = WaveformLowPass().draw(5000, generator)
    assert 150 <= cutoffs.min() < 160 and 7400 < cutoffs.max() <= 7500
    mels = 2595 * (1 + cutoffs / 700).log10()
    np.testing.assert_allclose(np.quantile(mels, 0.5), (mels.min() + mels.max()) / 2, rtol=0.03)


def test_a_limit_far_above_is_identity(waveforms):
    out = low_pass(waveforms, torch.full((len(waveforms),), 1e6), 16000.0)
    torch.testing.assert_close(out, waveforms, atol=1e-6, rtol=0)


def test_the_rate_is_the_datas():
    tone = torch.sin(torch.arange(4000) * (2 * np.pi * 1000 / 8000))[None]
    augmentation = WaveformLowPass((500.0, 500.0))
    augmentation.check(SampleSpec("audio", (4000,), rate_hz=8000))
    level = augmentation.apply(tone, torch.Generator()).square().mean().sqrt() / tone.square().mean().sqrt()
    assert abs(level - 1 / np.sqrt(1 + 2**8)) < 1e-3
    with pytest.raises(SSLKitError, match="needs the sampling rate"):
        WaveformLowPass().check(SampleSpec("audio", (8000,)))
    with pytest.raises(SSLKitError, match="smaller first"):
        WaveformLowPass((7500.0, 150.0))
