import numpy as np
import pytest
import torch
from scipy.signal import fftconvolve

from sslkit.augment.audio.reverberation import Reverberation, room_responses
from sslkit.errors import SSLKitError
from sslkit.types import SampleSpec


def augmentation(length, **settings):
    made = Reverberation(**settings)
    made.check(SampleSpec("audio", (length,), rate_hz=16000.0))
    return made


def test_equals_scipy_sample_by_sample(waveforms):
    made = augmentation(waveforms.shape[1])
    out = made.apply(waveforms, torch.Generator().manual_seed(3))
    noise, times, ratios = made.draw(*waveforms.shape, torch.Generator().manual_seed(3))
    for i, wave in enumerate(waveforms.double().numpy()):
        steps = np.arange(1, noise.shape[1] + 1)
        echoes = noise[i].double().numpy() * 10 ** (-3 * steps / (float(times[i]) * 16000))
        echoes *= np.sqrt(10 ** (-float(ratios[i]) / 10) / np.sum(echoes**2))
        expected = fftconvolve(wave, np.concatenate([[1], echoes]))[: len(wave)]
        np.testing.assert_allclose(out[i], expected, atol=2e-5)


def test_responses_fall_by_60_decibels_in_the_reverberation_time():
    noise = torch.randn(200, 16000)
    response = room_responses(noise, torch.full((200,), 8000.0), torch.full((200,), 6.0))
    assert (response[:, 0] == 1).all()
    energy = response[:, 1:].square()
    torch.testing.assert_close(10 * energy.sum(1).log10(), torch.full((200,), -6.0), atol=1e-3, rtol=0)
    early, late = energy[:, :400].mean(), energy[:, 8000:8400].mean()
    assert abs(10 * (early / late).log10() - 60) < 0.5


def test_the_direct_sound_keeps_its_place():
    click = torch.zeros(8, 2000)
    click[:, 700] = 1
    out = augmentation(2000).apply(click, torch.Generator().manual_seed(0))
    assert out[:, :700].abs().max() < 1e-5
    torch.testing.assert_close(out[:, 700], torch.ones(8))
    assert out[:, 701:].abs().amax(1).min() > 1e-3


def test_draws_strength_and_ranges(generator):
    noise, times, ratios = augmentation(8000).draw(3000, 8000, generator)
    assert noise.shape == (3000, 7999)
    assert 0.2 <= times.min() < 0.21 and 0.79 < times.max() <= 0.8
    assert 0 <= ratios.min() < 0.1 and 14.9 < ratios.max() <= 15
    half = Reverberation.at_strength({"direct_to_reverberant": (0.0, 15.0)}, 0.5)
    assert half["direct_to_reverberant"] == pytest.approx((6.0206, 21.0206), abs=1e-3)
    with pytest.raises(SSLKitError, match="rt60 is a range"):
        Reverberation(rt60=(0.8, 0.2))
    with pytest.raises(SSLKitError, match="direct_to_reverberant is a range"):
        Reverberation(direct_to_reverberant=(9.0, 2.0))
