import pytest
import torch

from sslkit.augment.audio.base import (
    RatedWaveformAugmentation,
    SpectrogramAugmentation,
    WaveformAugmentation,
)
from sslkit.errors import SSLKitError
from sslkit.types import SampleSpec


class LouderWave(WaveformAugmentation):
    """A waveform twice as loud."""

    def apply(self, x, generator):
        return 2 * x


class RatedWave(RatedWaveformAugmentation):
    """One that asks for the rate."""


class Picture(SpectrogramAugmentation):
    """One of spectrograms."""


def test_stage_and_modality_are_the_kinds():
    assert (WaveformAugmentation.stage, SpectrogramAugmentation.stage) == ("raw", "features")
    assert WaveformAugmentation.modalities == SpectrogramAugmentation.modalities == ("audio",)


@pytest.mark.parametrize("shape", [(16,), (16000,)])
def test_waveforms_pass(shape):
    LouderWave().check(SampleSpec("audio", shape))
    assert torch.equal(LouderWave()(torch.ones(3, *shape), torch.Generator()), torch.full((3, *shape), 2.0))


@pytest.mark.parametrize("shape", [(15,), (1, 16000), (1, 64, 51), ()])
def test_what_is_no_waveform_is_refused_by_name(shape):
    with pytest.raises(
        SSLKitError, match=r"^louder-wave takes waveforms of at least 16 samples; .* the shape"
    ):
        LouderWave().check(SampleSpec("audio", shape))


def test_the_rate_is_kept_from_the_check():
    rated = RatedWave()
    rated.check(SampleSpec("audio", (16000,), rate_hz=22050.0))
    assert rated.rate_hz == 22050.0
    rated.check(SampleSpec("audio", (16000,), rate_hz=8000.0))
    assert rated.rate_hz == 8000.0


@pytest.mark.parametrize("rate", [None, 0.0])
def test_no_rate_is_refused(rate):
    with pytest.raises(SSLKitError, match=r"^rated-wave needs the sampling rate; set rate_hz"):
        RatedWave().check(SampleSpec("audio", (16000,), rate_hz=rate))


def test_spectrograms_pass_whatever_their_channels():
    for shape in ((1, 2, 2), (1, 64, 51), (3, 40, 100)):
        Picture().check(SampleSpec("audio", shape))


@pytest.mark.parametrize("shape", [(16000,), (64, 51), (1, 1, 51), (1, 64, 1)])
def test_what_is_no_spectrogram_is_refused_with_the_front_end_to_use(shape):
    with pytest.raises(SSLKitError, match=r"^picture takes log-mel spectrograms .* front end 'log-mel'"):
        Picture().check(SampleSpec("audio", shape))
