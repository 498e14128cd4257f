"""Sound: log-mel features, waveforms, spectrograms, and WAV files read back by soundfile."""

import io
from types import ModuleType

import numpy as np
import pytest
import soundfile
import torch
from matplotlib.figure import Figure

from sslkit.errors import SSLKitError
from sslkit.modalities.audio import Audio
from sslkit.types import SampleSpec


def spec(length: int, rate: float | None = 16000.0) -> SampleSpec:
    return SampleSpec("audio", (length,), rate)


def test_features_are_mean_and_spread_of_the_log_mel_spectrogram(torchaudio: ModuleType) -> None:
    x = 0.1 * torch.randn(3, 16000, dtype=torch.float64).float()
    window = torch.hann_window(1024)
    power = torch.stft(x, 1024, 160, window=window, pad_mode="constant", return_complex=True).abs() ** 2
    bank = torchaudio.functional.melscale_fbanks(513, 60.0, 7800.0, 64, 16000)
    log_mel = np.log((bank.T @ power).double().numpy() + 1e-8)
    expected = np.concatenate([log_mel.mean(-1), log_mel.std(-1)], axis=1)
    np.testing.assert_allclose(Audio().handcrafted(x, spec(16000)), expected, rtol=1e-3, atol=1e-4)


@pytest.mark.filterwarnings("error")  # of empty mel bands
@pytest.mark.parametrize("rate", [1000.0, 8000.0, 16000.0, 22050.0, 44100.0, 48000.0])
def test_any_rate_has_bands_that_are_not_empty(rate: float) -> None:
    features = Audio().handcrafted(torch.rand(2, int(rate)) - 0.5, spec(int(rate), rate))
    bands = features.shape[1] // 2
    assert bands >= 8
    assert features[:, bands:].min() > 0


@pytest.mark.parametrize("length", [1, 100, 777])
def test_short_and_silent_clips_are_finite(length: int) -> None:
    assert torch.isfinite(Audio().handcrafted(torch.zeros(2, length), spec(length))).all()


def test_unknown_rate_is_an_error() -> None:
    with pytest.raises(SSLKitError, match="rate_hz"):
        Audio().handcrafted(torch.zeros(1, 100), spec(100, None))


def test_wav_is_read_back_as_it_was() -> None:
    clip = torch.rand(800) * 2 - 1
    data, rate = soundfile.read(io.BytesIO(Audio().sound(clip, spec(800, 8000.0))))
    assert rate == 8000
    np.testing.assert_allclose(data, clip * 32767 / 32768, atol=1 / 32768)


def test_loud_clips_are_limited_and_do_not_wrap() -> None:
    data, _ = soundfile.read(io.BytesIO(Audio().sound(torch.tensor([2.0, -2.0]), spec(2))), dtype="int16")
    assert data.tolist() == [32767, -32767]


def test_what_cannot_be_heard() -> None:
    assert Audio().sound(torch.zeros(1, 64, 96), spec(16000)) is None
    assert Audio().sound(torch.zeros(16), spec(16, None)) is None


def test_draws_a_waveform_over_seconds() -> None:
    axes, clip = Figure().subplots(), torch.rand(8000)
    Audio().draw(axes, clip, spec(8000))
    line = axes.get_lines()[0]
    np.testing.assert_allclose(line.get_ydata(), clip)
    assert line.get_xdata()[-1] == pytest.approx(7999 / 16000)
    assert axes.get_xlabel() == "seconds"


@pytest.mark.parametrize("seen", [spec(32000), SampleSpec("audio", (1, 64, 201), 100.5)])
def test_draws_a_spectrogram_with_low_bands_below(seen: SampleSpec) -> None:
    axes, sample = Figure().subplots(), torch.randn(1, 64, 201)
    Audio().draw(axes, sample, seen)
    image = axes.images[0]
    np.testing.assert_allclose(np.asarray(image.get_array()), sample[0])
    assert image.origin == "lower"
    assert image.get_extent() == pytest.approx((0, 2, 0, 64))
