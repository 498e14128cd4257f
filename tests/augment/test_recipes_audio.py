import numpy as np
import pytest
import soundfile
import torch

from sslkit.augment.recipes_audio import BYOLA, SimCLRAudio, Speech
from sslkit.augment.views import Pipeline
from sslkit.errors import SSLKitError
from sslkit.plugins import load_registry
from sslkit.types import SampleSpec

FEATURES = SampleSpec("audio", (1, 64, 51))


def build(pipeline):
    registry, problems = load_registry()[0], []
    specs = [registry.check("augmentation", one, "views", problems) for one in pipeline]
    assert problems == []
    return Pipeline([registry.build(spec) for spec in specs])


@pytest.mark.parametrize("rate_hz", [8000, 16000, 200])
@pytest.mark.parametrize("recipe", [BYOLA(), BYOLA(fader=False), SimCLRAudio(), Speech()])
def test_specs_are_valid_and_run_at_any_rate(recipe, rate_hz):
    spec = SampleSpec("audio", (4001,), rate_hz=rate_hz)
    generator = torch.Generator().manual_seed(0)
    [settings] = recipe.pipelines(spec)
    pipeline = build(settings)
    for augmentations, seen, x in (
        (pipeline.raw, spec, torch.randn(4, 4001)),
        (pipeline.features, FEATURES, torch.randn(4, 1, 64, 51)),
    ):
        for augmentation in augmentations:
            augmentation.check(seen)
            out = augmentation(x, generator)
            assert out.shape == x.shape and out.isfinite().all()


def test_byol_a_leaves_the_waveform_alone():
    names = [[one["name"] for one in BYOLA(fader).pipelines(FEATURES)[0]] for fader in (True, False)]
    assert names[0] == ["log-mixup-exp", "random-resize-crop-spectrogram", "linear-fader", "post-norm"]
    assert names[1] == ["log-mixup-exp", "random-resize-crop-spectrogram", "post-norm"]
    assert build(BYOLA().pipelines(FEATURES)[0]).raw == []


@pytest.mark.parametrize("recipe", [SimCLRAudio(), Speech()])
def test_recipes_that_need_a_rate(recipe):
    with pytest.raises(SSLKitError, match="sampling rate"):
        recipe.pipelines(SampleSpec("audio", (4000,)))


def test_speech_takes_the_users_noise(tmp_path):
    noise = 0.1 * np.random.default_rng(0).normal(size=8000)
    soundfile.write(tmp_path / "workshop.wav", noise, 16000)
    spec = SampleSpec("audio", (4001,), rate_hz=16000)
    made_up, recorded = Speech().pipelines(spec)[0], Speech(str(tmp_path)).pipelines(spec)[0]
    assert [one["name"] for one in made_up][2] == "coloured-noise"
    assert recorded[2] == {"name": "background-noise", "folder": str(tmp_path), "snr": [5.0, 15.0], "p": 0.5}
    for augmentation in build(recorded).raw:
        augmentation.check(spec)
        assert augmentation(torch.randn(4, 4001), torch.Generator()).isfinite().all()


def test_speech_moves_formants_within_the_front_ends_band():
    for rate_hz, highest in ((16000, 7800), (8000, 4000)):
        [steps] = Speech().pipelines(SampleSpec("audio", (4000,), rate_hz=rate_hz))
        assert next(one for one in steps if one["name"] == "frequency-warp")["f_max_hz"] == highest
