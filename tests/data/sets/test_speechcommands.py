import shutil
import tarfile
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import soundfile

from sslkit.data.sets.speechcommands import SpeechCommands, _official_split
from sslkit.errors import SSLKitError


def test_missing_files_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(
        SSLKitError, match=r"Speech Commands is not in .* Set root to them, or download: true"
    ):
        SpeechCommands(str(tmp_path / "none")).load()
    assert not (tmp_path / "none").exists()


@pytest.fixture
def clips(tmp_path: Path) -> Path:
    """Two words by three speakers, laid out as in the archive; one speaker in each official part."""
    folder = tmp_path / "SpeechCommands" / "speech_commands_v0.02"
    names = [f"{word}/{who}_nohash_0.wav" for word in ("yes", "no") for who in ("ann", "ben", "cho")]
    for i, name in enumerate([*names, "_background_noise_/hum.wav"]):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(folder / name, np.full(12000, 0.1 * (i + 1)), 16000)
    (folder / "validation_list.txt").write_text("yes/ben_nohash_0.wav\nno/ben_nohash_0.wav\n")
    (folder / "testing_list.txt").write_text("yes/cho_nohash_0.wav\nno/cho_nohash_0.wav\n")
    return folder


def test_the_official_split(tmp_path: Path, clips: Path) -> None:
    dataset = SpeechCommands(str(tmp_path)).load()
    train, test = dataset.train, dataset.test
    assert test is not None and dataset.class_names == ("no", "yes") and (len(train), len(test)) == (4, 2)
    assert train.groups is not None and test.groups is not None
    assert len(set(train.groups)) == 2 and not set(train.groups) & set(test.groups)
    x = test.x[np.arange(2)].numpy()
    assert x.shape == (2, 16000) and dataset.spec.rate_hz == 16000
    np.testing.assert_allclose(x[:, 8000], [0.3, 0.6], atol=1e-3)
    assert [dataset.class_names[y] for y in test.y] == ["yes", "no"] and (x[:, :2000] == 0).all()
    (clips / "testing_list.txt").write_text("")
    with pytest.raises(SSLKitError, match="it is incomplete"):
        SpeechCommands(str(tmp_path)).load()


def test_the_files_are_torchaudios_in_their_order(
    tmp_path: Path, clips: Path, torchaudio: ModuleType
) -> None:
    def theirs(subset: str) -> list[Path]:
        found = torchaudio.datasets.SPEECHCOMMANDS(tmp_path, subset=subset)
        return [clips.parent / found.get_metadata(i)[0] for i in range(len(found))]

    assert _official_split(clips) == (theirs("training") + theirs("validation"), theirs("testing"))


def test_an_archive_that_is_there_is_unpacked(tmp_path: Path, clips: Path) -> None:
    with tarfile.open(tmp_path / "speech_commands_v0.02.tar.gz", "w:gz") as archive:
        archive.add(clips, ".")
    shutil.rmtree(clips)
    assert len(SpeechCommands(str(tmp_path), download=True).load().train) == 4


def test_a_damaged_archive_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "speech_commands_v0.02.tar.gz").write_bytes(b"cut short")
    with pytest.raises(SSLKitError, match="Is there a network"):
        SpeechCommands(str(tmp_path), download=True).load()
