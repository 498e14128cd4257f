import numpy as np
import pytest
import torch
from scipy.signal import butter, freqs, freqs_zpk

from sslkit.augment.audio.filters import (
    ORDER,
    BandFilter,
    CutoffFilter,
    band,
    butterworth,
    filter_waveform,
    frequencies,
    mel_uniform,
)
from sslkit.errors import SSLKitError

RATE = 16000.0


def test_frequencies_are_numpys(waveforms):
    length = waveforms.shape[1]
    np.testing.assert_allclose(frequencies(waveforms, RATE), np.fft.rfftfreq(length, 1 / RATE), rtol=1e-6)


def test_amplitudes_are_scipys_low_pass():
    ratios = torch.tensor([0.0, 0.3, 0.9, 1.0, 1.1, 2.0, 7.0])
    b, a = butter(ORDER, 1.0, analog=True)
    expected = np.abs(freqs(b, a, ratios.double().numpy())[1])
    np.testing.assert_allclose(butterworth(ratios.clone()), expected, rtol=1e-5)
    assert expected[3] == pytest.approx(0.5**0.5)


def test_a_band_is_scipys_band_pass(waveforms):
    lows, highs = torch.tensor([300.0, 50.0]), torch.tensor([3400.0, 90.0])
    found = butterworth(band(waveforms, lows, highs, RATE))
    hz = np.fft.rfftfreq(waveforms.shape[1], 1 / RATE)
    for gains, low, high in zip(found, lows.tolist(), highs.tolist(), strict=True):
        zpk = butter(ORDER, [low, high], "bandpass", analog=True, output="zpk")
        np.testing.assert_allclose(gains, np.abs(freqs_zpk(*zpk, hz)[1]), atol=1e-5)


def test_a_filter_multiplies_the_spectrum_and_adds_no_delay(waveforms):
    gains = torch.rand(len(waveforms), waveforms.shape[1] // 2 + 1)
    out = filter_waveform(waveforms, gains)
    for found, wave, gain in zip(out, waveforms.double().numpy(), gains.double().numpy(), strict=True):
        np.testing.assert_allclose(found, np.fft.irfft(np.fft.rfft(wave) * gain, len(wave)), atol=1e-6)
    half = filter_waveform(waveforms.bfloat16(), torch.ones(1, gains.shape[1]))
    torch.testing.assert_close(half, waveforms.bfloat16())


def test_limits_are_uniform_on_torchaudios_mel_scale(torchaudio):
    drawn = mel_uniform(20_000, (200.0, 4000.0), torch.Generator().manual_seed(0))
    assert 200 <= drawn.min() < 202 and 3980 < drawn.max() <= 4000
    filters = torchaudio.functional.melscale_fbanks(
        4001, 200.0, 4000.0, 9, 8000
    )  # centres evenly spaced in mel
    for number, centre in enumerate(filters.argmax(0), start=1):  # a bin is one Hz
        assert abs((drawn < centre).float().mean() - number / 10) < 0.015


class Below(CutoffFilter):
    """Takes limits, does nothing."""


class Within(BandFilter):
    """Takes bands, does nothing."""


def test_cutoffs():
    drawn = Below((100.0, 1000.0)).draw(3000, torch.Generator().manual_seed(0))
    assert torch.equal(drawn, mel_uniform(3000, (100.0, 1000.0), torch.Generator().manual_seed(0)))
    with pytest.raises(SSLKitError, match=r"^below: cutoff is a range"):
        Below((1000.0, 100.0))


def test_bands():
    lows, highs = Within((1000.0, 2000.0), (0.5, 0.5)).draw(3000, torch.Generator().manual_seed(0))
    centres = (lows + highs) / 2
    torch.testing.assert_close((highs - lows) / centres, torch.full((3000,), 0.5))
    assert 1000 <= centres.min() < 1005 and 1990 < centres.max() <= 2000.1
    with pytest.raises(SSLKitError, match=r"^within: centre is a range"):
        Within(centre=(2000.0, 1000.0))
    with pytest.raises(SSLKitError, match=r"^within: width is a range"):
        Within(width=(1.0, 0.5))
