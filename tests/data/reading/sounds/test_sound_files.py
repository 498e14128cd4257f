import tracemalloc
from pathlib import Path

import numpy as np
import pytest
import soundfile

from sslkit.data.reading.sounds.sound_files import is_sound, read_sound, read_stretch, resample
from sslkit.errors import SSLKitError


def test_resampling_keeps_a_tone() -> None:
    tone = np.sin(2 * np.pi * 440 * np.arange(22050) / 22050)
    got = resample(tone, 22050, 16000)
    expected = np.sin(2 * np.pi * 440 * np.arange(16000) / 16000)
    assert got.dtype == np.float32 and got.shape == (16000,)
    np.testing.assert_allclose(got[200:-200], expected[200:-200], atol=2e-3)


def test_the_middle_of_a_long_file(tmp_path: Path) -> None:
    ramp = np.linspace(-1, 1, 1000)
    soundfile.write(tmp_path / "a.wav", np.stack([ramp, ramp], 1), 1000, subtype="FLOAT")
    np.testing.assert_allclose(read_sound(tmp_path / "a.wav", 1000), ramp, atol=1e-6)
    np.testing.assert_allclose(read_sound(tmp_path / "a.wav", 1000, 0.1), ramp[450:550], atol=1e-6)


def test_damaged_files(tmp_path: Path) -> None:
    good, bad, cut = (tmp_path / f"{name}.wav" for name in ("good", "bad", "cut"))
    soundfile.write(good, np.zeros(1000), 8000)
    bad.write_text("hello")
    cut.write_bytes(good.read_bytes()[:500])
    assert [is_sound(path) for path in (good, bad, cut)] == [True, False, False]
    with pytest.raises(SSLKitError, match=r"bad\.wav: the sound cannot be read"):
        read_sound(bad, 8000)
    soundfile.write(bad, np.array([0.0, np.nan]), 8000, subtype="FLOAT")
    with pytest.raises(SSLKitError, match="NaN or infinite"):
        read_sound(bad, 8000)


@pytest.mark.parametrize(
    ("rate", "new"), [(48_000, 16_000), (44_100, 16_000), (8_000, 16_000), (16_000, 16_000)]
)
@pytest.mark.parametrize("frames", [50, 999, 60_000])
def test_a8_a_stretch_is_to_the_bit_what_the_whole_file_gives(
    tmp_path: Path, rate: int, new: int, frames: int
) -> None:
    path = tmp_path / "x.wav"
    soundfile.write(path, np.random.default_rng(0).uniform(-0.5, 0.5, (frames, 2)), rate)
    whole = read_sound(path, new)
    for first, count in (
        (None, 1000),
        (0, 700),
        (len(whole) // 3, 500),
        (len(whole) - 5, 100),
        (None, 10**7),
    ):
        start = max(0, (len(whole) - count) // 2) if first is None else first
        np.testing.assert_array_equal(read_stretch(path, new, first, count), whole[start : start + count])


def test_a8_only_what_is_needed_is_decoded(tmp_path: Path) -> None:
    path = tmp_path / "long.wav"
    soundfile.write(path, np.zeros((96_000 * 60, 2), dtype=np.int16), 96_000)
    tracemalloc.start()
    read_stretch(path, 16_000, None, 16_000)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 10_000_000  # a second of stereo at 96 kHz is 0.8 MB as float32, a minute 46 MB
