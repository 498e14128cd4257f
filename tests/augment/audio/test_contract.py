"""What every audio augmentation promises, whatever it does."""

import pytest
import torch

from sslkit.augment.audio.base import WaveformAugmentation
from sslkit.errors import SSLKitError
from sslkit.plugins import load_registry
from sslkit.types import SampleSpec

FIXED = {"polarity", "post-norm"}  # draw nothing but whether they act
AUDIO = {
    entry.name: entry.component
    for entry in load_registry()[0].entries("augmentation")
    if entry.component.__module__.startswith("sslkit.augment.audio.")
}
WAVEFORM = [name for name, component in AUDIO.items() if issubclass(component, WaveformAugmentation)]
SPECTROGRAM = sorted(set(AUDIO) - set(WAVEFORM))


def sample(name, batch=5):
    return torch.randn(batch, 8000) if name in WAVEFORM else torch.randn(batch, 1, 64, 51)


def build(name):
    """As it is after some batches: with a past to mix with."""
    augmentation = AUDIO[name]()
    if name == "log-mixup-exp":
        augmentation.apply(torch.randn(50, 1, 64, 51, generator=torch.Generator().manual_seed(5)), None)
    return augmentation


def test_all_are_here():
    assert sorted(WAVEFORM) == ["coloured-noise", "gain", "polarity", "waveform-low-pass"]
    assert SPECTROGRAM == [
        "linear-fader",
        "log-mixup-exp",
        "post-norm",
        "random-resize-crop-spectrogram",
        "spec-augment",
    ]


@pytest.mark.parametrize("name", AUDIO)
@pytest.mark.parametrize("batch", [1, 5])
def test_shape_type_input_and_determinism(name, batch):
    x = sample(name, batch)
    before = x.clone()
    AUDIO[name]().check(SampleSpec("audio", tuple(x.shape[1:]), rate_hz=16000))
    first = build(name)(x, torch.Generator().manual_seed(3))
    second = build(name)(x, torch.Generator().manual_seed(3))
    assert first.shape == x.shape and first.dtype == x.dtype
    assert first.isfinite().all()
    assert torch.equal(x, before)
    assert torch.equal(first, second)


@pytest.mark.parametrize("name", sorted(set(AUDIO) - FIXED))
def test_every_sample_has_its_own_draw(name):
    x = sample(name, 1).expand(16, *[-1] * (sample(name).ndim - 1))
    out = build(name).apply(x, torch.Generator().manual_seed(0))
    assert len(torch.unique(out.flatten(1), dim=0)) == 16


@pytest.mark.parametrize("name", AUDIO)
def test_bfloat16(name):
    x = sample(name)
    half = build(name).apply(x.bfloat16(), torch.Generator().manual_seed(0))
    full = build(name).apply(x, torch.Generator().manual_seed(0))
    assert half.dtype == torch.bfloat16
    assert (half.float() - full).abs().mean() < 0.05


@pytest.mark.parametrize("name", AUDIO)
def test_the_wrong_side_of_the_front_end_is_refused(name):
    wrong = (64, 51) if name in WAVEFORM else (16000,)
    with pytest.raises(SSLKitError, match="takes waveforms" if name in WAVEFORM else "front end 'log-mel'"):
        AUDIO[name]().check(SampleSpec("audio", wrong, rate_hz=16000))
    assert AUDIO[name].stage == ("raw" if name in WAVEFORM else "features")
