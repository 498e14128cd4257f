import math

import numpy as np
import pytest
import torch

from sslkit.augment.audio.pitch_shift import PitchShift, read_faster, shift_pitch, window_length
from sslkit.errors import SSLKitError
from sslkit.types import SampleSpec


def tones(hz, length=16000):
    return torch.sin(torch.arange(length) * (2 * math.pi / 16000) * torch.as_tensor(hz)[:, None])


def test_tones_get_the_drawn_pitch_and_keep_level_and_length():
    semitones = torch.tensor([-4.0, -1.3, 0.0, 2.5, 4.0])
    factors = 2 ** (semitones / 12)
    hz = torch.tensor([440.0, 1000.0, 300.0, 2000.0, 700.0])
    out = shift_pitch(tones(hz), factors, float(factors.max()), 512)
    assert out.shape == (5, 16000)
    middle = out[:, 2000:14000] * torch.hann_window(12000)
    peaks = torch.fft.rfft(middle, n=2**18).abs().argmax(1) * (16000 / 2**18)
    np.testing.assert_allclose(peaks, hz * factors, rtol=1e-3)
    levels = out[:, 2000:14000].square().mean(1).sqrt() / math.sqrt(0.5)
    np.testing.assert_allclose(levels, 1, atol=0.01)


def test_vowels_sound_as_if_sung_at_the_other_pitch(torchaudio):
    """Harmonics that begin in the middle, against the same made at the new pitch, in a log-mel spectrogram."""
    generator = torch.Generator().manual_seed(0)
    factors = 2 ** (torch.linspace(-4, 4, 16) / 12)
    pitches = 100 + 150 * torch.rand(16, generator=generator)

    def vowel(pitch):
        sound = sum(tones(pitch * harmonic) / harmonic for harmonic in range(1, 20)) / 10
        sound[:, :4000] *= 0.001
        return sound + 1e-3 * torch.randn(16, 16000, generator=generator)

    settings = {"n_fft": 1024, "hop_length": 160, "n_mels": 64, "f_min": 60, "f_max": 7800}
    log_mel = torchaudio.transforms.MelSpectrogram(16000, **settings)
    shifted, sung = shift_pitch(vowel(pitches), factors, float(factors.max()), 512), vowel(pitches * factors)
    ours, wanted = ((log_mel(sound) + 1e-5).log()[:, :, 35:90] for sound in (shifted, sung))
    assert (ours - wanted).abs().mean() < 0.4  # natural logarithm; with torchaudio's vocoder 0.9
    power = shifted[:, 5000:14000].square().mean(1) / sung[:, 5000:14000].square().mean(1)
    np.testing.assert_allclose(power, 1, atol=0.1)


def test_reading_faster_equals_the_tone_in_closed_form():
    speeds = torch.tensor([0.8, 1.0, 1.26])
    x = tones([1000.0, 3000.0, 5000.0], 6000)
    out = read_faster(x, speeds, 4000)
    expected = torch.sin(
        torch.arange(4000.0).double()
        * speeds[:, None]
        * (2 * math.pi / 16000)
        * torch.tensor([[1000], [3000], [5000]])
    )
    torch.testing.assert_close(out[:, 50:].double(), expected[:, 50:], atol=6e-3, rtol=0)


def test_frequencies_beyond_half_the_rate_do_not_come_back():
    out = shift_pitch(tones([7500.0]), torch.tensor([1.25]), 1.25, 512)
    assert out[:, 1000:15000].abs().max() < 0.02


def test_draws_windows_and_refusals(generator):
    semitones = PitchShift().draw(5000, generator)
    assert -4 <= semitones.min() < -3.99 and 3.99 < semitones.max() <= 4
    assert [window_length(rate) for rate in (200.0, 8000.0, 16000.0, 44100.0)] == [16, 256, 512, 1024]
    with pytest.raises(SSLKitError, match="clips of at least 512 samples"):
        PitchShift().check(SampleSpec("audio", (500,), rate_hz=16000.0))
    with pytest.raises(SSLKitError, match="smaller first"):
        PitchShift((4.0, -4.0))
