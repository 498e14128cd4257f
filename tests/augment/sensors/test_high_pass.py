import numpy as np
import pytest
import torch

from sslkit.augment.sensors.high_pass import HighPass
from sslkit.errors import SSLKitError


def test_equals_numpy(windows, generator):
    length = windows.shape[-1]
    cutoffs = HighPass().draw(len(windows), generator)
    out = HighPass().filter(windows, cutoffs)
    for i, sample in enumerate(windows.double().numpy()):
        spectrum = np.fft.rfft(sample)
        spectrum[:, np.fft.rfftfreq(length, 0.5) < float(cutoffs[i])] = 0
        np.testing.assert_allclose(out[i], np.fft.irfft(spectrum, length), atol=1e-5)


def test_draws(generator):
    cutoffs = HighPass((0.1, 0.3)).draw(3000, generator)
    assert 0.1 <= cutoffs.min() < 0.11 and 0.29 < cutoffs.max() <= 0.3
    with pytest.raises(SSLKitError, match="cutoff is a range"):
        HighPass((0.3, 0.1))


def test_limit_at_the_end_is_identity(windows, generator):
    everything = HighPass((0.0, 0.0))
    torch.testing.assert_close(everything.apply(windows, generator), windows, atol=1e-5, rtol=0)


def test_the_constant_part_goes():
    out = HighPass().filter(torch.full((2, 3, 51), 4.0), torch.tensor([0.01, 0.1]))
    torch.testing.assert_close(out, torch.zeros(2, 3, 51), atol=1e-5, rtol=0)
