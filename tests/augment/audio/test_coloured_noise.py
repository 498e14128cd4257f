import numpy as np
import pytest
import torch

from sslkit.augment.audio.coloured_noise import ColouredNoise, add_noise
from sslkit.errors import SSLKitError


def reference(x, white, decay, snr):
    length = len(x)
    amplitudes = np.concatenate([[0.0], np.arange(1.0, length // 2 + 1) ** -decay])
    noise = np.fft.irfft(white * amplitudes, length)
    wanted = np.mean(x**2) / 10 ** (snr / 10)
    return x + noise * np.sqrt(wanted / np.mean(noise**2))


def test_equals_numpy(waveforms, generator):
    white, decay, snr = ColouredNoise().draw(*waveforms.shape, generator)
    out = add_noise(waveforms, white, decay, snr)
    for i in range(len(waveforms)):
        expected = reference(
            waveforms[i].double().numpy(), white[i].numpy().astype(complex), float(decay[i]), float(snr[i])
        )
        np.testing.assert_allclose(out[i], expected, atol=2e-6)


def test_ratio_and_colour(generator):
    x = torch.randn(40, 8000)
    white, _, _ = ColouredNoise().draw(40, 8000, generator)
    for decay in (-2.0, 0.0, 1.0, 2.0):
        noise = add_noise(x, white, torch.full((40,), decay), torch.full((40,), 10.0)) - x
        torch.testing.assert_close(
            10 * (x.square().sum(1) / noise.square().sum(1)).log10(), torch.full((40,), 10.0)
        )
        power = torch.fft.rfft(noise).abs().square().mean(0)[10:2000].log()
        slope = np.polyfit(np.log(np.arange(10, 2000)), power.numpy(), 1)[0]
        assert abs(slope + 2 * decay) < 0.1


def test_draws(generator):
    _, decay, snr = ColouredNoise().draw(5000, 2, generator)
    assert -2 <= decay.min() < -1.99 and 1.99 < decay.max() <= 2
    assert 3 <= snr.min() < 3.1 and 29.9 < snr.max() <= 30


def test_silence_stays_silent_and_no_noise_is_identity(waveforms, generator):
    assert (ColouredNoise().apply(torch.zeros(3, 4000), generator) == 0).all()
    torch.testing.assert_close(ColouredNoise((300.0, 300.0)).apply(waveforms, generator), waveforms)


def test_impossible_ranges():
    with pytest.raises(SSLKitError, match="snr is a range"):
        ColouredNoise(snr=(30.0, 3.0))
    with pytest.raises(SSLKitError, match="decay is a range"):
        ColouredNoise(decay=(1.0, 0.0))
