import numpy as np
import pytest
import torch

from sslkit.augment.audio.microphone_response import MicrophoneResponse, respond
from sslkit.errors import SSLKitError
from sslkit.types import SampleSpec


def test_equals_numpys_interpolation(waveforms, generator):
    decibels = MicrophoneResponse().draw(len(waveforms), generator)
    out = respond(waveforms, decibels, 16000.0)
    frequencies = np.fft.rfftfreq(waveforms.shape[1], 1 / 16000)
    points = np.geomspace(50, 8000, 5)
    for i, wave in enumerate(waveforms.double().numpy()):
        curve = np.interp(np.log(np.maximum(frequencies, 1)), np.log(points), decibels[i].double())
        spectrum = np.fft.rfft(wave) * 10 ** (curve / 20)
        np.testing.assert_allclose(out[i], np.fft.irfft(spectrum, len(wave)), atol=2e-6)


def test_equal_gains_are_a_gain(waveforms):
    out = respond(waveforms, torch.full((len(waveforms), 3), -20.0), 16000.0)
    torch.testing.assert_close(out, waveforms / 10, atol=1e-6, rtol=0)


def test_draws_and_refusals(generator):
    decibels = MicrophoneResponse(decibels=3.0, points=4).draw(2000, generator)
    assert decibels.shape == (2000, 4) and -3 <= decibels.min() < -2.99 and 2.99 < decibels.max() <= 3
    with pytest.raises(SSLKitError, match="at least 200 Hz"):
        MicrophoneResponse().check(SampleSpec("audio", (800,), rate_hz=100.0))
