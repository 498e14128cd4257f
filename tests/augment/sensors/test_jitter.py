import torch

from sslkit.augment.sensors.jitter import Jitter


def test_noise_is_gaussian_of_the_given_sigma(generator):
    noise = Jitter(0.3).apply(torch.zeros(64, 4, 500), generator)
    assert abs(noise.mean()) < 0.003
    assert abs(noise.std() - 0.3) < 0.003
    kurtosis = (noise**4).mean() / noise.var() ** 2
    assert abs(kurtosis - 3) < 0.1


def test_noise_is_white_and_channels_are_independent(generator):
    noise = Jitter(1.0).apply(torch.zeros(64, 4, 500), generator)
    assert abs((noise[..., 1:] * noise[..., :-1]).mean()) < 0.02
    assert abs((noise[:, 0] * noise[:, 1]).mean()) < 0.02


def test_sigma_zero_is_identity(windows, generator):
    assert torch.equal(Jitter(0.0).apply(windows, generator), windows)
