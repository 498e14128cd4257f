import numpy as np
import torch

from sslkit.augment.sensors.amplitude_perturbation import AmplitudePerturbation, scale_bands


def test_equals_numpy(windows, generator):
    length = windows.shape[-1]
    factors = AmplitudePerturbation(bands=4).draw(len(windows), generator)
    out = scale_bands(windows, factors)
    bins = length // 2
    for i, sample in enumerate(windows.double().numpy()):
        spectrum = np.fft.rfft(sample)
        for k in range(bins):
            spectrum[:, k + 1] *= float(factors[i, int(np.floor(k * 4 / bins))])
        np.testing.assert_allclose(out[i], np.fft.irfft(spectrum, length), atol=1e-5)


def test_draws_and_identity(windows, generator):
    factors = AmplitudePerturbation(0.1).draw(3000, generator)
    assert factors.shape == (3000, 8)
    assert abs(factors.mean() - 1) < 0.005 and abs(factors.std() - 0.1) < 0.005
    assert AmplitudePerturbation(5.0).draw(3000, generator).min() == 0
    torch.testing.assert_close(
        AmplitudePerturbation(0.0).apply(windows, generator), windows, atol=1e-5, rtol=0
    )


def test_the_mean_stays(windows, generator):
    out = AmplitudePerturbation().apply(windows, generator)
    torch.testing.assert_close(out.mean(-1), windows.mean(-1), atol=1e-5, rtol=0)
