from pathlib import Path

import numpy as np
import pytest
import soundfile

from sslkit.data.sources.audio_folder import AudioFolder
from sslkit.errors import SSLKitError
from sslkit.types import Dataset


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, rate, seconds in (
        ("no/1.wav", 8000, 0.4),
        ("no/2.flac", 22050, 1.5),
        ("yes/1.ogg", 16000, 0.5),
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        soundfile.write(tmp_path / name, 0.5 * np.ones(int(rate * seconds)), rate)
    return tmp_path


def test_all_get_one_rate_and_length(folder: Path) -> None:
    dataset = AudioFolder(str(folder), rate_hz=16000, seconds=0.5).load()
    assert (
        dataset.spec.modality == "audio" and dataset.spec.shape == (8000,) and dataset.spec.rate_hz == 16000
    )
    x = dataset.train.x[np.arange(3)].numpy()
    assert x.shape == (3, 8000) and x.dtype == np.float32
    assert (x[0, :700] == 0).all() and (x[0, -700:] == 0).all()
    np.testing.assert_allclose(x[0, 1000:-1000], 0.5, atol=0.01)
    np.testing.assert_allclose(x[1], 0.5, atol=0.01)
    assert dataset.class_names == ("no", "yes")


def test_a_file_list_with_speakers(folder: Path) -> None:
    (folder / "list.csv").write_text("path,word,speaker\nno/1.wav,no,anna\nyes/1.ogg,yes,ben\n")
    dataset = AudioFolder(str(folder / "list.csv"), label_column="word", group_column="speaker").load()
    assert dataset.train.groups is not None and dataset.train.groups.tolist() == [0, 1]


def test_a_damaged_file(folder: Path) -> None:
    (folder / "yes" / "2.wav").write_bytes(b"RIFF")
    with pytest.raises(SSLKitError, match="1 of 4 files cannot be read as sound"):
        AudioFolder(str(folder)).load()


RANDOM = np.random.default_rng(0)


def _sound(path: Path, seconds: float, rate: int) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, RANDOM.uniform(-0.5, 0.5, round(seconds * rate)), rate)
    return path


def _notes(dataset: Dataset) -> str:
    return " ".join(map(str, dataset.notes))


def test_a7_rates_of_classes_and_the_share_that_is_used_are_said(tmp_path: Path) -> None:
    for label, rate in (("healthy", 8000), ("faulty", 16000)):
        for number in range(3):
            _sound(tmp_path / label / f"{number}.wav", 5, rate)
    dataset = AudioFolder(str(tmp_path)).load()
    said = _notes(dataset)
    assert "faulty: 16,000 Hz, healthy: 8,000 Hz" in said and "6 s of 30.0 s" in said
    assert dataset.facts["rates"] == "8,000 Hz: 3 files, 16,000 Hz: 3 files"
    assert "3 of 6 files are resampled to 16,000 Hz (8,000 Hz: 3)" in said


def test_a7_all_of_a_recording_in_clips(tmp_path: Path) -> None:
    ramp = np.arange(20) / 100
    for label in "ab":
        (tmp_path / label).mkdir()
        soundfile.write(tmp_path / label / "1.wav", np.repeat(ramp, 100), 1000, subtype="FLOAT")
        soundfile.write(tmp_path / label / "2.wav", np.repeat(ramp[:7], 100), 1000, subtype="FLOAT")
    dataset = AudioFolder(str(tmp_path), rate_hz=1000, seconds=0.5, clips="all").load()
    assert len(dataset.train) == 2 * (4 + 1) and dataset.train.groups is not None
    clips = dataset.train.x[np.arange(5)].numpy()
    np.testing.assert_allclose(clips[:4].reshape(-1), np.repeat(ramp, 100), atol=1e-6)
    assert len(np.unique(dataset.train.groups)) == 4 and "stay together" in _notes(dataset)


def test_a2_segments_get_their_own_sound_and_label(tmp_path: Path) -> None:
    parts = np.repeat([0.1, 0.2, 0.3, 0.4], 1000)
    soundfile.write(tmp_path / "x.wav", parts, 1000, subtype="FLOAT")
    (tmp_path / "list.csv").write_text(
        "path,start,end,label,author\nx.wav,0,1,a,me\nx.wav,2,3,b,me\nx.wav,3.5,9,a,me\n"
    )
    dataset = AudioFolder(str(tmp_path / "list.csv"), rate_hz=1000, seconds=0.5).load()
    clips = dataset.train.x[np.arange(3)].numpy()
    assert dataset.train.y.tolist() == [0, 1, 0] and dataset.class_names == ("a", "b")
    np.testing.assert_allclose(clips.mean(axis=1), [0.1, 0.3, 0.4], atol=1e-4)
    assert dataset.train.groups is not None and len(set(dataset.train.groups.tolist())) == 1
    assert "author" in _notes(dataset)


def test_a3_labels_that_mean_unknown(tmp_path: Path) -> None:
    lines = ["path,label"]
    for number, label in enumerate(["a", "-1", "nan", "b", ""]):
        _sound(tmp_path / f"{number}.wav", 1, 16000)
        lines.append(f"{number}.wav,{label}")
    (tmp_path / "list.csv").write_text("\n".join(lines))
    dataset = AudioFolder(str(tmp_path / "list.csv")).load()
    assert dataset.class_names == ("a", "b") and dataset.train.y.tolist() == [0, -1, -1, 1, -1]
    kept = AudioFolder(str(tmp_path / "list.csv"), unknown=[]).load()
    assert kept.class_names == ("-1", "a", "b", "nan")


def test_a6_unreadable_files_are_all_named_or_dropped(tmp_path: Path) -> None:
    for label in "ab":
        for number in range(3):
            _sound(tmp_path / label / f"{number}.wav", 1, 16000)
    for number in (0, 2):
        path = tmp_path / "a" / f"{number}.wav"
        path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(SSLKitError, match=r"2 of 6 files.*0.wav: it is cut off.*2.wav"):
        AudioFolder(str(tmp_path)).load()
    dataset = AudioFolder(str(tmp_path), unreadable="drop").load()
    assert len(dataset.train) == 4 and "2 of 6 files are dropped" in _notes(dataset)
    assert dataset.facts["files"] == "4 of 6 read"


def test_p11_the_fingerprint_sees_the_middle_of_a_file(tmp_path: Path) -> None:
    path = _sound(tmp_path / "a" / "1.wav", 2, 16000)
    before = AudioFolder(str(tmp_path)).load().train.x.digest()  # type: ignore[attr-defined]
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    assert AudioFolder(str(tmp_path)).load().train.x.digest() != before  # type: ignore[attr-defined]
