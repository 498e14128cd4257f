from pathlib import Path

import numpy as np
import pytest

from sslkit.data.sets import instrument_notes
from sslkit.data.sets.instrument_notes import InstrumentNotes
from tests.data.sets.tiny_soundfont import write_soundfont


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    font = write_soundfont(tmp_path / "tiny.sf2", [0, 2])
    monkeypatch.setenv("SSLKIT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(instrument_notes, "PROGRAMS", range(0, 4, 2))
    monkeypatch.setattr(instrument_notes, "KEYS", range(60, 75))
    monkeypatch.setattr(instrument_notes, "package_file", lambda *_: font)


def test_the_notes() -> None:
    dataset = InstrumentNotes().load()
    train, test = dataset.train, dataset.test
    assert test is not None and dataset.class_names == ("program 0", "program 2")
    assert (len(train), len(test)) == (2 * 10 * 2, 2 * 5 * 2)
    assert train.groups is not None and test.groups is not None
    assert set(train.groups) == {0, 1} and set(test.groups) == {2}
    x = dataset.spec.decode(test.x[np.arange(10)]).numpy()  # takes of keys 70 … 74
    loudest = np.abs(np.fft.rfft(x)).argmax(axis=1)
    expected = 440 * 2 ** ((np.repeat(np.arange(70, 75), 2) - 69) / 12)
    np.testing.assert_allclose(loudest, expected, atol=2)
    assert (np.abs(x).max(axis=1) < 0.92).all() and len({row.tobytes() for row in x}) == 10


def test_the_same_each_time_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    np.testing.assert_array_equal(instrument_notes._make(), instrument_notes._make())
    first = InstrumentNotes().load().train.x[np.arange(4)]
    monkeypatch.setattr(instrument_notes, "_make", None)  # not called again
    assert (InstrumentNotes().load().train.x[np.arange(4)] == first).all()
    assert [path.name for path in (tmp_path / "cache").iterdir()] == ["instrument_notes-1.npz"]
