from pathlib import Path

import numpy as np
import pytest

from sslkit.data.sets import spoken_words
from sslkit.data.sets.spoken_words import SpokenWords


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SSLKIT_CACHE", str(tmp_path))
    monkeypatch.setattr(spoken_words, "WORDS", ["yes", "house", "seven"])
    monkeypatch.setattr(spoken_words, "ACCENTS", ["en-us", "en"])
    monkeypatch.setattr(spoken_words, "TRAIN_VOICES", ["m1", "f2"])
    monkeypatch.setattr(spoken_words, "TEST_VOICES", ["klatt2"])


def test_the_clips() -> None:
    dataset = SpokenWords().load()
    assert dataset.test is not None and dataset.spec.shape == (16000,) and dataset.spec.rate_hz == 16000
    assert dataset.train.y.tolist() == [0] * 4 + [1] * 4 + [2] * 4 and dataset.test.y.tolist() == [
        0,
        0,
        1,
        1,
        2,
        2,
    ]
    assert dataset.train.groups is not None and dataset.train.groups.tolist() == [0, 0, 1, 1] * 3
    assert dataset.test.groups is not None and set(dataset.test.groups) == {2}
    assert "Synthetic" in str(dataset.notes[0])
    x = dataset.spec.decode(dataset.train.x[np.arange(12)])
    peaks = x.abs().amax(dim=1)
    assert (peaks > 0.19).all() and (peaks < 0.91).all()
    assert len({row.numpy().tobytes() for row in x}) == 12


def test_kept_and_made_again_where_the_cache_is_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = SpokenWords().load().train.x[np.arange(12)]
    (cached,) = tmp_path.iterdir()
    whole = cached.read_bytes()
    cached.write_bytes(whole[:1000])
    assert (SpokenWords().load().train.x[np.arange(12)] == first).all()
    assert cached.read_bytes()[:1000] == whole[:1000] and len(cached.read_bytes()) == len(whole)
    monkeypatch.setattr(spoken_words, "_make", None)  # not called again
    assert (SpokenWords().load().train.x[np.arange(12)] == first).all()


def test_noise_is_as_loud_as_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spoken_words, "NOISE_DB", (10.0, 10.0))
    time = np.arange(16000) / 16000
    clips = np.zeros((4, 16000), np.float32)
    clips[:, :8000] = np.sin(2 * np.pi * 1000 * time[:8000])
    noisy = spoken_words._in_noise(clips, np.random.default_rng(0)).astype(float)
    quiet, loud = noisy[:, 8000:].var(axis=1), noisy[:, :8000].var(axis=1)
    np.testing.assert_allclose(10 * np.log10((loud - quiet) / quiet), 10, atol=2)
