import numpy as np
import pytest
import torch

from sslkit.augment.audio.frequency_warp import FrequencyWarp, warp
from sslkit.errors import SSLKitError


def vtlp(f, a, highest):
    """Jaitly & Hinton 2013, their S / 2 the highest frequency and F_hi 0.6 of it."""
    boundary = 0.6 * highest
    if f <= boundary * min(a, 1) / a:
        return f * a
    top = boundary * min(a, 1)
    return highest - (highest - top) / (highest - top / a) * (highest - f)


@pytest.mark.parametrize(("low", "high"), [(60.0, 7800.0), (0.0, 4000.0)])
def test_equals_the_papers_formula_sample_by_sample(spectrograms, generator, low, high):
    factors = FrequencyWarp((0.8, 1.2)).draw(len(spectrograms), generator)
    out = warp(spectrograms, factors, low, high)
    bands = spectrograms.shape[2]
    mels = np.linspace(2595 * np.log10(1 + low / 700), 2595 * np.log10(1 + high / 700), bands + 2)[1:-1]
    for i, picture in enumerate(spectrograms[:, 0].double().numpy()):
        read = [vtlp(700 * (10 ** (mel / 2595) - 1), float(factors[i]), high) for mel in mels]
        places = 2595 * np.log10(1 + np.array(read) / 700)
        expected = np.stack([np.interp(places, mels, column) for column in picture.T], 1)
        np.testing.assert_allclose(out[i, 0], expected, atol=2e-3)


def test_formants_move_down_when_the_factor_is_above_one():
    x = torch.zeros(2, 1, 64, 4)
    x[:, :, 30] = 1
    peaks = warp(x, torch.tensor([0.9, 1.1]), 60.0, 7800.0).mean((1, 3)).argmax(1)
    assert peaks[0] > 30 > peaks[1]


def test_factor_one_is_identity(spectrograms):
    out = warp(spectrograms, torch.ones(len(spectrograms)), 60.0, 7800.0)
    torch.testing.assert_close(out, spectrograms, atol=2e-4, rtol=0)


def test_draws_and_ranges(generator):
    factors = FrequencyWarp().draw(5000, generator)
    assert 0.9 <= factors.min() < 0.901 and 1.099 < factors.max() <= 1.1
    with pytest.raises(SSLKitError, match="factor is a range"):
        FrequencyWarp((1.1, 0.9))
    with pytest.raises(SSLKitError, match="is not below f_max_hz"):
        FrequencyWarp(f_min_hz=8000.0)
