import math
from itertools import pairwise

import numpy as np
import pytest
import torch

from sslkit.augment.audio.vocoder import read_slower, stretch


def reference(spectrum, places, gains):
    """One sample (J, K), phases as angles, as Puckette 1995 has it."""
    padded = np.concatenate([spectrum, np.zeros((3, spectrum.shape[1]))])
    frames = [gains * np.abs(spectrum[0]) * np.exp(1j * np.angle(spectrum[0]))]
    for before, place in pairwise(places):
        left = int(place)
        magnitude = np.abs(padded[left]) * (left + 1 - place) + np.abs(padded[left + 1]) * (place - left)
        around = np.pad(frames[-1], 1)
        tied = np.angle(around[1:-1] - around[:-2] - around[2:])
        advance = np.angle(padded[int(before) + 1]) - np.angle(padded[int(before)])
        if int(before) + 1 >= len(spectrum):
            advance = 0.0
        frames.append(gains * magnitude * np.exp(1j * (tied + advance)))
    return np.stack(frames)


def test_equals_a_float64_reference_in_numpy_sample_by_sample():
    generator = torch.Generator().manual_seed(0)
    spectrum = torch.randn(4, 9, 17, dtype=torch.complex64, generator=generator)
    places = torch.arange(11) / torch.tensor([1.237, 0.813, 1.0, 1.613])[:, None]
    places = places.clamp(max=9)  # the end
    gains = torch.rand(4, 17, generator=generator)
    out = read_slower(spectrum, places, gains)
    for i in range(4):
        expected = reference(spectrum[i].numpy().astype(complex), places[i].numpy(), gains[i].numpy())
        np.testing.assert_allclose(out[i], expected, atol=2e-3)


@pytest.mark.parametrize("factor", [0.8, 1.0, 1.25])
def test_tones_keep_pitch_and_level_and_last_longer(factor):
    tone = torch.sin(torch.arange(8000) * 0.2)[None]
    out = stretch(tone, torch.tensor([factor]), 1.3, torch.hann_window(512), torch.ones(1, 257))
    assert out.shape[1] >= 1.3 * 8000
    sound = out[0, 1000 : int(8000 * factor) - 1000]
    level = sound.square().mean().sqrt() * math.sqrt(2)
    assert abs(level - 1) < 0.01
    spectrum = torch.fft.rfft(sound * torch.hann_window(len(sound)), n=2**18).abs()
    assert abs(spectrum.argmax() * 2 * math.pi / 2**18 - 0.2) < 1e-3
    assert out[0, int(8000 * factor) + 600 :].abs().max() < 0.05


def test_levels_that_torchaudio_loses(torchaudio):
    tones = torch.sin(torch.arange(8000) * torch.linspace(0.1, 1.1, 30)[:, None])
    window = torch.hann_window(512)
    ours = stretch(tones, torch.full((30,), 1.2), 1.2, window, torch.ones(30, 257))[:, 1000:8000]
    spectrum = torch.stft(tones, 512, 128, window=window, return_complex=True)
    advance = torch.linspace(0, math.pi * 128, 257)[:, None]
    slower = torchaudio.functional.phase_vocoder(spectrum, 1 / 1.2, advance)
    theirs = torch.istft(slower, 512, 128, window=window)[:, 1000:8000]
    ours, theirs = (sound.square().mean(1).sqrt() * math.sqrt(2) for sound in (ours, theirs))
    assert (ours - 1).abs().max() < 0.03 and theirs.min() < 0.7


def test_silence_and_what_follows_it():
    x = torch.zeros(1, 8000)
    x[0, 4000:] = torch.sin(torch.arange(4000) * 0.3)
    out = stretch(x, torch.ones(1), 1.0, torch.hann_window(512), torch.ones(1, 257))
    assert (out[:, :3400] == 0).all()
    assert abs(out[:, 5000:7400].square().mean().sqrt() * math.sqrt(2) - 1) < 0.02
