import numpy as np
import pytest
import torch

from sslkit.augment.sensors.mains_hum import MainsHum
from sslkit.errors import SSLKitError
from sslkit.types import SampleSpec


def checked(rate_hz=1000.0, length=1000, **settings):
    hum = MainsHum(**settings)
    hum.check(SampleSpec("sensor", (3, length), rate_hz=rate_hz))
    return hum


def test_equals_sines_in_numpy(generator):
    hum = checked(rate_hz=800.0, length=333, frequency=60.0, harmonics=4)
    x = torch.randn(5, 3, 333)
    amplitudes, parts = (drawn.double().numpy() for drawn in hum.draw(5, 3, torch.Generator().manual_seed(0)))
    out = hum.apply(x, generator)
    time = np.arange(333) / 800
    for i in range(5):
        wave = sum(
            parts[i, 0, k - 1] * np.sin(2 * np.pi * 60 * k * time)
            + parts[i, 1, k - 1] * np.cos(2 * np.pi * 60 * k * time)
            for k in range(1, 5)
        )
        np.testing.assert_allclose(out[i], x[i].numpy() + amplitudes[i][:, None] * wave, atol=1e-5)


def test_only_the_harmonics_and_the_amplitude_of_the_first(generator):
    hum = checked(amplitude=(0.2, 0.2)).apply(torch.zeros(20, 3, 1000), generator)
    spectrum = torch.fft.rfft(hum).abs() / 500  # one bin is 1 Hz
    torch.testing.assert_close(spectrum[..., 50], torch.full((20, 3), 0.2), atol=1e-4, rtol=0)
    assert (spectrum[..., 100] <= 0.1001).all() and (spectrum[..., 150] <= 0.0667).all()
    assert spectrum[..., 100].std() > 0.01
    spectrum[..., [50, 100, 150]] = 0
    assert spectrum.max() < 1e-4


def test_phases_differ_between_samples_and_not_between_channels(generator):
    hum = checked(harmonics=1, amplitude=(0.2, 0.2)).apply(torch.zeros(50, 3, 1000), generator)
    phases = torch.fft.rfft(hum)[..., 50].angle()
    torch.testing.assert_close(phases[:, 0], phases[:, 2], atol=1e-3, rtol=0)
    assert phases[:, 0].std() > 1


@pytest.mark.parametrize(
    ("rate_hz", "harmonics", "message"),
    [
        (None, 1, "needs the sampling rate"),
        (250.0, 3, "150 Hz cannot be held at 250 samples per second.*Set harmonics: 2 or less"),
        (300.0, 3, "Set harmonics: 2 or less"),
        (100.0, 1, "only what is below 50 Hz. Leave it out"),
    ],
)
def test_what_cannot_be_held_is_refused(rate_hz, harmonics, message):
    with pytest.raises(SSLKitError, match=message):
        checked(rate_hz=rate_hz, harmonics=harmonics)


def test_highest_harmonic_that_can_be_held():
    assert checked(rate_hz=301.0, harmonics=3).harmonics == 3


def test_identity_and_use_without_a_check(windows, generator):
    assert torch.equal(checked(amplitude=(0.0, 0.0)).apply(windows, generator), windows)
    with pytest.raises(SSLKitError, match="call check"):
        MainsHum().apply(windows, generator)
