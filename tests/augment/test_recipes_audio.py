import pytest
import torch

from sslkit.augment.recipes_audio import BYOLA, SimCLRAudio
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
@pytest.mark.parametrize(
    "recipe", [BYOLA(), BYOLA(fader=False), *(SimCLRAudio(s) for s in (0.0, 0.3, 1.0, 5.0))]
)
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


def test_simclr_audio_needs_a_rate():
    with pytest.raises(SSLKitError, match="sampling rate"):
        SimCLRAudio().pipelines(SampleSpec("audio", (4000,)))
