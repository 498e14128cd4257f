"""What every audio augmentation promises, whatever it does."""

import numpy as np
import pytest
import soundfile
import torch

from sslkit.assembly.strength import at_strength
from sslkit.augment.audio.base import WaveformAugmentation
from sslkit.errors import SSLKitError
from sslkit.plugins import load_registry
from sslkit.types import SampleSpec

FIXED = {"polarity", "post-norm", "telephone-band"}  # draw nothing but whether they act
NO_SETTING_OF_STRENGTH = {  # strength scales p
    "polarity",
    "telephone-band",
    "impulse-response",
    *(f"waveform-{kind}" for kind in ("low-pass", "high-pass", "band-pass", "band-stop")),
}
ENTRIES = {
    entry.name: entry
    for entry in load_registry()[0].entries("augmentation")
    if entry.component.__module__.startswith("sslkit.augment.audio.")
}
AUDIO = {name: entry.component for name, entry in ENTRIES.items()}
WAVEFORM = [name for name, component in AUDIO.items() if issubclass(component, WaveformAugmentation)]
SPECTROGRAM = sorted(set(AUDIO) - set(WAVEFORM))
SHAPES = {**dict.fromkeys(WAVEFORM, (8000,)), **dict.fromkeys(SPECTROGRAM, (1, 64, 51))}


def sample(name, batch=5):
    return torch.randn(batch, *SHAPES[name], generator=torch.Generator().manual_seed(4))


@pytest.fixture
def settings(name, tmp_path):
    """Those that have no default."""
    if "folder" not in ENTRIES[name].settings:
        return {}
    for i in range(20):
        decay = np.exp(-np.arange(1000) / 50) * np.random.default_rng(i).uniform(-0.3, 0.3, 1000)
        soundfile.write(tmp_path / f"{i}.wav", [0.9, *decay], 16000)
    return {"folder": str(tmp_path)}


def build(name, settings):
    """As it is after some batches: with a past to mix with."""
    augmentation = AUDIO[name](**settings)
    augmentation.check(SampleSpec("audio", SHAPES[name], rate_hz=16000.0))
    if name == "log-mixup-exp":
        augmentation.apply(torch.randn(50, 1, 64, 51, generator=torch.Generator().manual_seed(5)), None)
    return augmentation


@pytest.mark.parametrize("name", AUDIO)
@pytest.mark.parametrize("batch", [1, 5])
def test_shape_type_input_and_determinism(name, batch, settings):
    x = sample(name, batch)
    before = x.clone()
    first = build(name, settings)(x, torch.Generator().manual_seed(3))
    second = build(name, settings)(x, torch.Generator().manual_seed(3))
    assert first.shape == x.shape and first.dtype == x.dtype
    assert first.isfinite().all()
    assert torch.equal(x, before)
    assert torch.equal(first, second)


@pytest.mark.parametrize("name", sorted(set(AUDIO) - FIXED))
def test_every_sample_has_its_own_draw(name, settings):
    x = sample(name, 1).expand(16, *SHAPES[name])
    out = build(name, settings).apply(x, torch.Generator().manual_seed(0))
    alike = len(torch.unique(out.flatten(1), dim=0))
    assert alike >= (8 if name in ("impulse-response", "random-crop") else 16)  # whole numbers are drawn


@pytest.mark.parametrize("name", AUDIO)
def test_bfloat16(name, settings):
    x = sample(name)
    half = build(name, settings).apply(x.bfloat16(), torch.Generator().manual_seed(0))
    full = build(name, settings).apply(x.bfloat16().float(), torch.Generator().manual_seed(0))
    assert half.dtype == torch.bfloat16
    assert (half.float() - full).abs().mean() < 0.01


@pytest.mark.parametrize("name", AUDIO)
def test_the_wrong_side_of_the_front_end_is_refused(name, settings):
    wrong = (64, 51) if name in WAVEFORM else (16000,)
    with pytest.raises(SSLKitError, match="takes waveforms" if name in WAVEFORM else "front end 'log-mel'"):
        AUDIO[name](**settings).check(SampleSpec("audio", wrong, rate_hz=16000))
    assert AUDIO[name].stage == ("raw" if name in WAVEFORM else "features")


@pytest.mark.parametrize("name", sorted(set(AUDIO) - NO_SETTING_OF_STRENGTH - {"post-norm", "pitch-shift"}))
def test_a_hundredth_of_the_strength_is_hardly_a_change(name, settings):
    entry = ENTRIES[name]
    complete = {key: settings.get(key, setting.default) for key, setting in entry.settings.items()}
    scaled = entry.component.at_strength(complete, 0.01)
    assert scaled and "p" not in scaled
    x = sample(name)
    if name == "random-resize-crop-spectrogram":  # at first by a whole row, so not of noise
        x = (torch.linspace(-1, 1, 64)[:, None] * torch.linspace(-1, 1, 51)).expand(5, 1, 64, 51)
    shift = build(name, {**settings, **scaled}).apply(x, torch.Generator().manual_seed(0)) - x
    whole = build(name, settings).apply(x, torch.Generator().manual_seed(0)) - x
    assert shift.square().mean() < 0.15 * whole.square().mean()


@pytest.mark.parametrize("name", AUDIO)
def test_twice_the_strength_is_valid(name, settings):
    registry, problems = load_registry()[0], []
    spec = registry.check("augmentation", {"name": name, **settings}, name, problems)
    for strength in (0.01, 0.5, 2.0, 10.0):
        stronger = at_strength(registry, spec, strength)
        augmentation = registry.build(registry.check("augmentation", stronger.to_plain(), name, problems))
        assert problems == []
        augmentation.check(SampleSpec("audio", SHAPES[name], rate_hz=16000.0))
        assert augmentation(sample(name), torch.Generator().manual_seed(0)).isfinite().all()
