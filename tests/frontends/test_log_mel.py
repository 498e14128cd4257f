import numpy as np
import pytest
import torch
from safetensors.torch import load, save
from scipy.signal import get_window

from sslkit.errors import SSLKitError
from sslkit.frontends.log_mel import LogMel
from sslkit.types import SampleSpec


def spec(length=16000, rate=16000.0):
    return SampleSpec("audio", (length,), rate_hz=rate)


def clips(count, length, seed=0):
    """Tones of different loudness in noise, so that bands differ by orders of magnitude."""
    generator = torch.Generator().manual_seed(seed)
    tones = torch.sin(torch.arange(length) * torch.rand(count, 1, generator=generator))
    return 0.3 * tones + 0.01 * torch.randn(count, length, generator=generator)


@pytest.mark.parametrize(
    ("length", "rate", "n_fft", "window", "hop"),
    [
        (16000, 16000, 1024, 1024, 160),
        (15999, 16000, 1024, 1024, 160),
        (1024, 16000, 1024, 1024, 160),
        (8001, 8000, 512, 512, 80),
        (30000, 22050, 2048, 1412, 220),
        (44100, 44100, 4096, 2822, 441),
    ],
)
def test_equals_torchaudio(torchaudio, length, rate, n_fft, window, hop):
    x = clips(11, length)
    highest = min(max(7800, 0.4875 * rate), rate / 2)
    reference = torchaudio.transforms.MelSpectrogram(
        rate,
        n_fft=n_fft,
        win_length=window,
        hop_length=hop,
        f_min=60,
        f_max=highest,
        n_mels=64,
    ).double()
    expected = (reference(x.double()) + torch.finfo(torch.float32).eps).log().unsqueeze(1).float()
    front_end = LogMel(spec(length, float(rate)))
    out = front_end(x)
    torch.testing.assert_close(out, expected, atol=1e-4, rtol=1e-4)
    assert front_end.out_spec == SampleSpec("audio", out.shape[1:], rate_hz=rate / hop)


def test_equals_a_float64_reference_in_numpy():
    x = clips(3, 16000).double().numpy()
    padded = np.pad(x, ((0, 0), (512, 512)), mode="reflect")
    frames = np.stack([padded[:, start : start + 1024] for start in range(0, 16001, 160)], 1)
    power = np.abs(np.fft.rfft(frames * get_window("hann", 1024))) ** 2
    mel_edges = np.linspace(2595 * np.log10(1 + 60 / 700), 2595 * np.log10(1 + 7800 / 700), 66)
    edges = 700 * (10 ** (mel_edges / 2595) - 1)
    frequencies = np.arange(513) * 16000 / 1024
    filters = np.stack([np.interp(frequencies, edges[i : i + 3], [0, 1, 0]) for i in range(64)])
    expected = np.log(np.einsum("btf,mf->bmt", power, filters) + 2.0**-23)[:, None]
    out = LogMel(spec())(torch.from_numpy(x).float())
    np.testing.assert_allclose(out, expected, atol=1e-4)


def test_fit_gives_the_training_part_zero_mean_and_unit_spread():
    x = clips(20, 16000)
    front_end = LogMel(spec())
    plain = front_end(x).double()
    front_end.fit(x.split(6))
    torch.testing.assert_close(front_end.mean.double(), plain.mean(), atol=1e-6, rtol=1e-6)
    torch.testing.assert_close(front_end.std.double(), plain.std(correction=0), atol=1e-6, rtol=1e-6)
    assert abs(front_end(x).mean()) < 1e-4 and abs(front_end(x).std() - 1) < 1e-4
    front_end.fit(x.split(6))  # statistics are of the plain log-mel, not of the normalised
    torch.testing.assert_close(front_end.mean.double(), plain.mean(), atol=1e-6, rtol=1e-6)


def test_silence_is_finite_even_where_there_is_nothing_else():
    front_end = LogMel(spec())
    front_end.fit([torch.zeros(4, 16000)])
    assert torch.equal(front_end(torch.zeros(2, 16000)), torch.zeros(2, 1, 64, 101))


def test_same_clips_same_bits_and_each_clip_for_itself():
    front_end = LogMel(spec(4000))
    x = clips(19, 4000)
    assert torch.equal(front_end(x), front_end(x))
    torch.testing.assert_close(front_end(x[17:18]), front_end(x)[17:18], atol=1e-4, rtol=1e-4)


def test_autocast_does_not_blur_the_bands():
    front_end, x = LogMel(spec(4000)), clips(2, 4000)
    with torch.autocast("cpu", torch.bfloat16):
        out = front_end(x)
    assert torch.equal(out, front_end(x))


def test_safetensors_restore_it_exactly():
    x = clips(9, 8000)
    front_end = LogMel(spec(8000))
    front_end.fit([x])
    restored = LogMel(spec(8000))
    restored.load_state_dict(load(save(front_end.state_dict())))
    assert torch.equal(restored(x), front_end(x))
    assert sorted(front_end.state_dict()) == ["mean", "std"] and not list(front_end.parameters())


def test_bands_narrower_than_a_frequency_get_a_longer_transform():
    front_end = LogMel(spec(1000, 1000.0))
    assert front_end.n_fft > 64 and front_end.filters.amax(0).min() > 0
    assert front_end(clips(2, 1000)).shape == (2, 1, 64, 101)


@pytest.mark.parametrize(
    ("settings", "sample", "message"),
    [
        ({}, SampleSpec("sensor", (3, 16000), rate_hz=16000.0), r"shape \(T,\)"),
        ({}, SampleSpec("audio", (16000,)), "rate None"),
        ({}, spec(1023), "1023 samples .* shorter than the window of 1024"),
        ({"f_min_hz": 8000.0}, spec(), "no band lies between"),
        ({"f_min_hz": 500.0}, spec(1000, 1000.0), "no band lies between"),
        ({"n_mels": 1000}, spec(), "cannot tell 1000 bands"),
    ],
)
def test_what_cannot_be_taken_is_refused(settings, sample, message):
    with pytest.raises(SSLKitError, match=message):
        LogMel(sample, **settings)


def test_nan_in_the_training_part_is_refused():
    x = clips(2, 16000)
    x[1, 100] = float("nan")
    with pytest.raises(SSLKitError, match="NaN or infinite"):
        LogMel(spec()).fit([x])


@pytest.mark.parametrize(
    ("rate", "highest"),
    [(8_000, 4_000), (16_000, 7_800), (22_050, 10_749.375), (44_100, 21_498.75), (48_000, 23_400)],
)
def test_a1_the_range_grows_with_the_rate(rate: int, highest: float) -> None:
    assert LogMel(SampleSpec("audio", (rate,), float(rate))).range_hz == (60.0, highest)


def test_a1_a_fault_at_14_khz_is_heard() -> None:
    time = torch.arange(48_000) / 48_000
    tones = torch.stack([torch.sin(2 * torch.pi * frequency * time) for frequency in (13_000.0, 14_500.0)])
    spectra = LogMel(SampleSpec("audio", (48_000,), 48_000.0))(tones).exp().mean(dim=-1).squeeze(1)
    assert spectra[0].argmax() != spectra[1].argmax() and float(spectra.amax()) > 1
