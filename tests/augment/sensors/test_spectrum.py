import numpy as np
import pytest
import torch

from sslkit.augment.sensors.spectrum import PassFilter, filter_spectrum, nyquist_fractions
from sslkit.errors import SSLKitError
from sslkit.types import SampleSpec


class OnlyCutoffs(PassFilter):
    """Keeps the bins at the limit: exact ones only."""

    def passed(self, frequencies, cutoffs):
        return frequencies == cutoffs


@pytest.mark.parametrize("length", [1, 2, 7, 128])
def test_fractions_are_of_half_the_rate(length):
    found = nyquist_fractions(length, torch.device("cpu"))
    np.testing.assert_allclose(found, np.fft.rfftfreq(length, d=0.01) / 50, atol=1e-6)


@pytest.mark.parametrize("kind", [torch.bool, torch.float32, torch.complex64])
def test_gains_of_every_type_multiply_numpys_spectrum(windows, kind):
    batch, _, length = windows.shape
    generator = torch.Generator().manual_seed(0)
    gains = torch.randn(batch, length // 2 + 1, generator=generator, dtype=torch.complex64)
    gains = gains if kind is torch.complex64 else gains.real > 0 if kind is torch.bool else gains.real
    out = filter_spectrum(windows, gains)
    for found, sample, gain in zip(out, windows.double().numpy(), gains.numpy(), strict=True):
        np.testing.assert_allclose(found, np.fft.irfft(np.fft.rfft(sample) * gain, length), atol=1e-5)


def test_missing_values_are_bridged_and_missing_again():
    x = torch.randn(2, 3, 40, generator=torch.Generator().manual_seed(0))
    x[0, 1, 10:14] = torch.nan
    gains = torch.rand(2, 21, generator=torch.Generator().manual_seed(1))
    out = filter_spectrum(x, gains)
    assert torch.equal(out.isnan(), x.isnan())
    bridged = x.double().numpy()
    bridged[0, 1, 10:14] = np.interp(np.arange(10, 14), [9, 14], bridged[0, 1, [9, 14]])
    expected = np.fft.irfft(np.fft.rfft(bridged) * gains.double().numpy()[:, None], 40)
    present = ~x.isnan().numpy()
    np.testing.assert_allclose(out.numpy()[present], expected[present], atol=1e-5)


def test_a_pass_filter_keeps_what_its_subclass_says():
    """Each sample by its own limit: of two tones, the one whose frequency it is."""
    time = torch.arange(100)
    tones = torch.stack([torch.sin(2 * torch.pi * k / 100 * time) for k in (5, 20)])
    mixed = tones.sum(0).expand(2, 3, 100)
    out = OnlyCutoffs((0.0, 1.0)).filter(mixed, nyquist_fractions(100, time.device)[[5, 20]])
    torch.testing.assert_close(out, tones[:, None].expand(2, 3, 100), atol=1e-5, rtol=0)


def test_its_range_and_shortest_window():
    drawn = OnlyCutoffs((0.25, 0.5)).draw(3000, torch.Generator().manual_seed(0))
    assert 0.25 <= drawn.min() < 0.26 and 0.49 < drawn.max() <= 0.5
    with pytest.raises(SSLKitError, match=r"^only-cutoffs: cutoff is a range \(from, to\) within 0…1"):
        OnlyCutoffs((0.5, 1.5))
    with pytest.raises(SSLKitError, match="at least 4 samples"):
        OnlyCutoffs((0.0, 1.0)).check(SampleSpec("sensor", (1, 3)))
    with pytest.raises(NotImplementedError):
        PassFilter((0.0, 1.0)).apply(torch.zeros(1, 1, 8), torch.Generator())
