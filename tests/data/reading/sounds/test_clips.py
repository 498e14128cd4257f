from pathlib import Path

import numpy as np
import pytest
import soundfile

from sslkit.data.reading.sounds.clips import fit_length, read_clip, survey_clips
from sslkit.data.sources.audio_folder import AudioFolder
from sslkit.errors import SSLKitError


@pytest.mark.parametrize(("size", "length"), [(10, 4), (11, 4), (4, 10), (4, 11), (5, 5), (1, 3)])
def test_the_middle_stays_in_the_middle(size: int, length: int) -> None:
    sound = np.arange(1, size + 1, dtype=np.float32)
    got = fit_length(sound, length)
    assert got.shape == (length,)
    kept = got[got > 0]
    assert len(kept) == min(size, length)
    before, after = (kept[0] - 1, size - kept[-1]) if size > length else (got.argmax() - size + 1, None)
    if after is None:
        after = length - size - before
    assert abs(before - after) <= 1


@pytest.mark.parametrize("suffix", ["wav", "flac", "ogg"])
def test_files(tmp_path: Path, suffix: str) -> None:
    left = 0.5 * np.sin(2 * np.pi * 300 * np.arange(8000) / 8000)
    path = tmp_path / f"a.{suffix}"
    soundfile.write(path, np.stack([left, np.zeros(8000)], axis=1), 8000)
    got = read_clip(path, 8000, 8000)
    assert got.dtype == np.float32
    np.testing.assert_allclose(got[500:-500], left[500:-500] / 2, atol=0.03 if suffix == "ogg" else 1e-4)


def test_damaged_files_are_named(tmp_path: Path) -> None:
    good, bad, empty = (tmp_path / f"{name}.wav" for name in ("good", "bad", "empty"))
    soundfile.write(good, np.zeros(100), 8000)
    soundfile.write(empty, np.zeros(0), 8000)
    bad.write_text("hello")
    headers = survey_clips([good, bad, empty], 2)
    assert not headers[good].problem and headers[bad].problem and "no samples" in headers[empty].problem
    with pytest.raises(SSLKitError, match=r"bad.wav: the sound cannot be read"):
        read_clip(bad, 8000, 10)
    with pytest.raises(SSLKitError, match="no samples"):
        read_clip(empty, 8000, 10)


def test_a2_segments_that_end_behind_their_file_are_said(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", np.random.default_rng(0).uniform(-0.5, 0.5, 16_000), 8000)
    (tmp_path / "list.csv").write_text("path,start,end,label\na.wav,0,1,x\na.wav,1,5,y\na.wav,0.5,2.05,x\n")
    dataset = AudioFolder(str(tmp_path / "list.csv"), rate_hz=8000, seconds=0.5).load()
    (note,) = [note for note in dataset.notes if "end behind" in note.what]
    assert note.warning and (note.count, note.of, note.which) == (1, 3, ("a.wav: to 5 s",))
