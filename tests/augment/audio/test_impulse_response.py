import numpy as np
import pytest
import soundfile
import torch
from scipy.signal import fftconvolve

from sslkit.augment.audio.impulse_response import ImpulseResponse
from sslkit.errors import SSLKitError
from sslkit.types import SampleSpec


@pytest.fixture
def folder(tmp_path):
    for i, (delay, length) in enumerate(((30, 600), (0, 100), (500, 5000))):
        decay = np.exp(-np.arange(length) / 100) * np.random.default_rng(i).uniform(-0.3, 0.3, length)
        decay[0] = -0.8
        soundfile.write(tmp_path / f"{i}.wav", np.pad(decay, (delay, 0)), 8000, subtype="FLOAT")
    return tmp_path


def test_equals_scipy_with_the_direct_sound_in_place(folder):
    augmentation = ImpulseResponse(str(folder))
    augmentation.check(SampleSpec("audio", (2000,), rate_hz=8000.0))
    x = torch.randn(40, 2000)
    out = augmentation.apply(x, torch.Generator().manual_seed(0))
    chosen = augmentation.draw(40, torch.Generator().manual_seed(0))
    assert set(chosen.tolist()) == {0, 1, 2}
    for i in range(40):
        response, _ = soundfile.read(folder / f"{chosen[i]}.wav")
        peak = np.abs(response).argmax()
        whole = fftconvolve(x[i].double().numpy(), response / response[peak])
        np.testing.assert_allclose(out[i], whole[peak : peak + 2000], atol=1e-4)


def test_bad_folders_are_found_before_training(tmp_path):
    for folder, message in ((tmp_path / "nowhere", "there is no folder"), (tmp_path, "has no sound files")):
        with pytest.raises(SSLKitError, match=f"impulse-response: .*{message}"):
            ImpulseResponse(str(folder)).check(SampleSpec("audio", (400,), rate_hz=8000.0))


def test_large_folders_are_thinned(folder):
    augmentation = ImpulseResponse(str(folder), most=2)
    augmentation.check(SampleSpec("audio", (400,), rate_hz=8000.0))
    assert set(augmentation.draw(50, torch.Generator().manual_seed(0)).tolist()) == {0, 1}
