from pathlib import Path

import numpy as np
import pytest
import soundfile

from sslkit.data.sources.audio_folder import AudioFolder
from sslkit.errors import SSLKitError


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
