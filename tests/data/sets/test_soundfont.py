from pathlib import Path

import numpy as np
import pytest

from sslkit.data.sets.soundfont import SoundFont
from sslkit.errors import SSLKitError
from tests.data.sets.tiny_soundfont import write_soundfont

RATE = 32000


def test_the_pitch_is_the_key_s(tmp_path: Path) -> None:
    font = SoundFont(write_soundfont(tmp_path / "a.sf2", [0, 7]))
    time = np.arange(RATE) / RATE
    for key in (57, 69, 76):
        note = font.note(7, key, 127, held_seconds=2, seconds=1, rate_hz=RATE)
        expected = np.sin(2 * np.pi * 440 * 2 ** ((key - 69) / 12) * time)
        assert note.dtype == np.float32
        np.testing.assert_allclose(note[100:], expected[100:], atol=0.01)  # the attack takes 1 ms


def test_velocity_and_ranges(tmp_path: Path) -> None:
    font = SoundFont(write_soundfont(tmp_path / "a.sf2", [0]))
    loud, soft = (font.note(0, 69, velocity, 2, 0.1, RATE) for velocity in (127, 64))
    np.testing.assert_allclose(soft, loud * (64 / 127) ** 2, rtol=1e-5)
    assert (font.note(0, 101, 127, 2, 0.1, RATE) == 0).all()
    with pytest.raises(SSLKitError, match="no program 5"):
        font.note(5, 69, 127, 2, 0.1, RATE)


def test_without_a_loop_it_ends(tmp_path: Path) -> None:
    note = SoundFont(write_soundfont(tmp_path / "a.sf2", [0], loop=False)).note(0, 69, 127, 2, 1, RATE)
    assert np.abs(note[: RATE // 11]).max() > 0.9 and (note[RATE // 9 :] == 0).all()


def test_it_fades_when_let_go(tmp_path: Path) -> None:
    font = SoundFont(write_soundfont(tmp_path / "a.sf2", [0], release=1200))  # 100 dB in 2 s
    note = font.note(0, 69, 127, 0.5, 1, RATE)
    ends = np.abs(note[-RATE // 100 :]).max()
    assert 20 * np.log10(ends) == pytest.approx(-25, abs=0.6)
    assert np.abs(note[RATE // 4 : RATE // 2]).max() > 0.98


def test_what_is_no_soundfont(tmp_path: Path) -> None:
    whole = write_soundfont(tmp_path / "a.sf2", [0]).read_bytes()
    for size in (0, 10, 100, len(whole) // 2, len(whole) - 50):
        (tmp_path / "b.sf2").write_bytes(whole[:size])
        with pytest.raises(SSLKitError, match="cannot be read as a SoundFont"):
            SoundFont(tmp_path / "b.sf2")
    with pytest.raises(SSLKitError, match="cannot be read"):
        SoundFont(tmp_path / "none.sf2")
