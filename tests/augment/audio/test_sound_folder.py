import numpy as np
import pytest
import soundfile

from sslkit.augment.audio.sound_folder import evenly, find_sounds, read_responses, read_sounds
from sslkit.errors import SSLKitError


def write(path, sound, rate=8000):
    path.parent.mkdir(exist_ok=True)
    soundfile.write(path, sound, rate, subtype="FLOAT" if path.suffix == ".wav" else None)


def test_files_are_found_below_the_folder_in_order(tmp_path):
    for name in ("b.wav", "sub/a.flac", "c.ogg"):
        write(tmp_path / name, np.zeros(100))
    (tmp_path / "notes.txt").write_text("no sound")
    names = [str(path.relative_to(tmp_path)) for path in find_sounds("noise", str(tmp_path))]
    assert names == ["b.wav", "c.ogg", "sub/a.flac"]


def test_what_cannot_be_used_is_said_in_a_line(tmp_path):
    with pytest.raises(SSLKitError, match=r"noise: there is no folder .*nowhere"):
        find_sounds("noise", str(tmp_path / "nowhere"))
    with pytest.raises(SSLKitError, match="has no sound files"):
        find_sounds("noise", str(tmp_path))
    write(tmp_path / "good.wav", np.zeros(100))
    (tmp_path / "bad.wav").write_text("hello")
    with pytest.raises(SSLKitError, match=r"1 of 2 files cannot be read as sound, the first is .*bad\.wav"):
        find_sounds("noise", str(tmp_path))


def test_long_sounds_give_every_place_and_short_ones_are_repeated(tmp_path):
    long, short = np.linspace(-1, 1, 50, dtype=np.float32), np.arange(1, 4, dtype=np.float32) / 4
    write(tmp_path / "long.wav", long)
    write(tmp_path / "short.wav", short)
    sounds = read_sounds(find_sounds("noise", str(tmp_path)), 8000, 10, 100.0)
    assert sounds.places.tolist() == [41, 3] and sounds.starts.tolist() == [0, 50]
    np.testing.assert_array_equal(sounds.samples[:50], long)
    np.testing.assert_array_equal(sounds.samples[50:], np.tile(short, 4))
    last = sounds.starts[1] + sounds.places[1] - 1
    assert len(sounds.samples[last : last + 10]) == 10


def test_big_folders_are_kept_in_bounds(tmp_path):
    for i in range(10):
        write(tmp_path / f"{i}.wav", np.linspace(-1, 1, 8000, dtype=np.float32) * (i + 1) / 10)
    paths = find_sounds("noise", str(tmp_path))
    shared = read_sounds(paths, 8000, 400, 5.0)  # half of each file, from its middle
    assert shared.places.tolist() == [4000 - 399] * 10
    np.testing.assert_allclose(shared.samples[36000:40000], np.linspace(-1, 1, 8000)[2000:6000], atol=1e-6)
    few = read_sounds(paths, 8000, 4000, 1.0)  # two clips: no room for all files
    assert few.places.tolist() == [1, 1]
    np.testing.assert_allclose(few.samples[:4000].max() / few.samples[4000:].max(), 1 / 6, rtol=1e-4)
    assert evenly(paths, 3) == (paths[0], paths[3], paths[6]) and evenly(paths, 10) == paths


def test_other_rates_are_resampled_as_the_data_are(tmp_path):
    from sslkit.data.reading.sounds.sound_files import resample

    tone = np.sin(np.arange(22050) * 0.1)
    write(tmp_path / "tone.wav", tone, 22050)
    sounds = read_sounds(find_sounds("noise", str(tmp_path)), 16000, 100, 100.0)
    np.testing.assert_allclose(sounds.samples, resample(tone.astype(np.float32), 22050, 16000), atol=1e-6)


def test_responses_are_aligned_at_their_peak(tmp_path):
    write(tmp_path / "a.wav", np.array([0, 0, 0.1, -0.5, 0.25, 0.125]))
    write(tmp_path / "b.wav", np.array([0.5, 0.25, 0.1, 0, 0.05, 0, 0, 0, 0.01]))
    responses = read_responses(find_sounds("rooms", str(tmp_path)), 8000, 5, 2)
    expected = [[0, -0.2, 1, -0.5, -0.25, 0, 0], [0, 0, 1, 0.5, 0.2, 0, 0.1]]
    np.testing.assert_allclose(responses, expected, atol=1e-6)
    write(tmp_path / "c.wav", np.zeros(10))
    with pytest.raises(SSLKitError, match=r"c\.wav: the impulse response is silent"):
        read_responses(find_sounds("rooms", str(tmp_path)), 8000, 5, 2)
