import numpy as np
import pytest
import soundfile
import torch

from sslkit.augment.audio.background_noise import BackgroundNoise
from sslkit.errors import SSLKitError
from sslkit.types import SampleSpec

SPEC = SampleSpec("audio", (400,), rate_hz=8000.0)


@pytest.fixture
def folder(tmp_path):
    for i, length in enumerate((5000, 90, 2000)):
        noise = np.random.default_rng(i).uniform(-1, 1, length)
        soundfile.write(tmp_path / f"{i}.wav", noise, 8000, subtype="FLOAT")
    return tmp_path


def made(folder, **settings):
    augmentation = BackgroundNoise(str(folder), **settings)
    augmentation.check(SPEC)
    return augmentation


def test_noise_is_a_stretch_of_a_file_at_the_drawn_ratio(folder):
    files = [soundfile.read(folder / f"{i}.wav", dtype="float32")[0] for i in range(3)]
    files[1] = np.tile(files[1], 6)
    stretches = np.concatenate([np.lib.stride_tricks.sliding_window_view(file, 400) for file in files])
    stretches /= np.linalg.norm(stretches, axis=1, keepdims=True)
    x = torch.randn(64, 400)
    added = made(folder, snr=(10.0, 10.0)).apply(x, torch.Generator().manual_seed(0)) - x
    ratios = 10 * (x.square().sum(1) / added.square().sum(1)).log10()
    torch.testing.assert_close(ratios, torch.full((64,), 10.0), atol=1e-3, rtol=0)
    likeness = stretches @ (added / added.norm(dim=1, keepdim=True)).numpy().T
    np.testing.assert_allclose(likeness.max(0), 1, atol=1e-5)
    assert len(np.unique(likeness.argmax(0))) > 50


def test_every_file_is_as_likely_and_every_place_is_reached(folder):
    augmentation = made(folder)
    augmentation.apply(torch.randn(1, 400), torch.Generator())
    begins, snr = augmentation.draw(augmentation._sounds, 30_000, torch.Generator().manual_seed(0))
    shares = torch.bincount(torch.bucketize(begins, torch.tensor([4999, 4999 + 489])), minlength=3) / 30_000
    np.testing.assert_allclose(shares, 1 / 3, atol=0.02)
    short = begins[(begins >= 5000) & (begins < 5489)] - 5000
    assert set(short.tolist()) == set(range(90))
    assert 3 <= snr.min() < 3.1 and 29.9 < snr.max() <= 30


def test_two_pipelines_share_what_was_read(folder):
    first, second = made(folder), made(folder)
    for augmentation in (first, second):
        augmentation.apply(torch.randn(2, 400), torch.Generator())
    assert first._sounds.samples.data_ptr() == second._sounds.samples.data_ptr()


def test_bad_folders_are_found_before_training(tmp_path):
    for folder, message in ((tmp_path / "nowhere", "there is no folder"), (tmp_path, "has no sound files")):
        with pytest.raises(SSLKitError, match=f"background-noise: .*{message}"):
            made(folder)
    with pytest.raises(SSLKitError, match="snr is a range"):
        BackgroundNoise("x", snr=(9.0, 3.0))


def test_strength_moves_the_ratio():
    louder = BackgroundNoise.at_strength({"snr": (3.0, 30.0)}, 2.0)
    assert louder == {"snr": pytest.approx((-3.0206, 23.9794), abs=1e-3)}
