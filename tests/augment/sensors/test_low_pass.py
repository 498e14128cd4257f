import numpy as np
import pytest
import torch

from sslkit.augment.sensors.low_pass import LowPass
from sslkit.errors import SSLKitError


def test_equals_numpy(windows, generator):
    length = windows.shape[-1]
    cutoffs = LowPass().draw(len(windows), generator)
    out = LowPass().filter(windows, cutoffs)
    for i, sample in enumerate(windows.double().numpy()):
        spectrum = np.fft.rfft(sample)
        spectrum[:, np.fft.rfftfreq(length, 0.5) > float(cutoffs[i])] = 0
        np.testing.assert_allclose(out[i], np.fft.irfft(spectrum, length), atol=1e-5)


def test_draws(generator):
    cutoffs = LowPass((0.1, 0.3)).draw(3000, generator)
    assert 0.1 <= cutoffs.min() < 0.11 and 0.29 < cutoffs.max() <= 0.3
    with pytest.raises(SSLKitError, match="cutoff is a range"):
        LowPass((0.3, 0.1))


def test_limit_at_the_end_is_identity(windows, generator):
    everything = LowPass((1.0, 1.0))
    torch.testing.assert_close(everything.apply(windows, generator), windows, atol=1e-5, rtol=0)
