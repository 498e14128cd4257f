from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sslkit.data.reading.lists.file_lists import FileList
from sslkit.data.sources.file_source import FileSource
from sslkit.errors import SSLKitError
from sslkit.types import Dataset, SampleSpec


class ByteFiles(FileSource):
    """Files of two bytes each."""

    suffixes = frozenset({".bytes"})

    def load_files(self, files: FileList) -> Dataset:
        spec = SampleSpec("sensor", (2,))
        return self.dataset(files, spec, lambda path: np.frombuffer(path.read_bytes(), np.uint8))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number, name in enumerate(("off/a.bytes", "on/b.bytes", "on/c.bytes", "on/c.txt")):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(bytes([number, 255 - number]))
    return tmp_path


def test_samples_are_the_files_of_its_kind(folder: Path) -> None:
    dataset = ByteFiles(str(folder), None, None, 2).load()
    assert dataset.class_names == ("off", "on") and dataset.train.y.tolist() == [0, 1, 1]
    assert dataset.train.x[np.array([2, 0])].tolist() == [[2, 253], [0, 255]]
    assert dataset.test is None and dataset.train.groups is None


def test_columns_of_a_file_list(folder: Path) -> None:
    (folder / "list.csv").write_text(
        "path,state,machine,split\non/b.bytes,1,m2,train\noff/a.bytes,0,m1,test\n"
    )
    dataset = ByteFiles(str(folder / "list.csv"), "state", "machine", 1).load()
    assert dataset.class_names == ("0", "1") and dataset.train.y.tolist() == [1]
    assert dataset.test is not None and dataset.test.x[np.array([0])].tolist() == [[0, 255]]
    assert dataset.group_names == ("m1", "m2")


def test_a_file_of_another_shape_is_named(folder: Path) -> None:
    (folder / "on" / "d.bytes").write_bytes(b"123")
    with pytest.raises(SSLKitError, match=r"d\.bytes: decoded to \(3,\) where the other samples are \(2,\)"):
        ByteFiles(str(folder), None, None, 1).load().train.x[np.array([3])]


def test_nothing_to_read(tmp_path: Path) -> None:
    with pytest.raises(SSLKitError, match=r"no file that can be read \(\.bytes\)"):
        ByteFiles(str(tmp_path), None, None, 1).load()
