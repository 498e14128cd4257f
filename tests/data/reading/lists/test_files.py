from pathlib import Path

import numpy as np
import pytest

from sslkit.data.reading.lists.file_lists import ListSettings
from sslkit.data.reading.lists.files import read_file_list
from sslkit.data.samples import ArraySamples
from sslkit.errors import SSLKitError
from sslkit.types import Dataset, SampleSpec

SUFFIXES = (".png",)


def _touch(root: Path, *names: str) -> Path:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(b"x")
    return root


def _dataset(path: Path, label: str | None = None, group: str | None = None) -> Dataset:
    files = read_file_list(str(path), SUFFIXES, ListSettings(label, group))
    return files.dataset(SampleSpec("image", (1,)), lambda rows: ArraySamples(np.zeros((len(rows), 1))))


def test_class_folders(tmp_path: Path) -> None:
    _touch(
        tmp_path, "dog/b.PNG", "dog/deep/a.png", "cat/a.png", "cat/notes.txt", ".git/x.png", "cat/.hidden.png"
    )
    files = read_file_list(str(tmp_path), SUFFIXES)
    assert [p.name for p in files.paths] == ["a.png", "b.PNG", "a.png"]
    dataset = _dataset(tmp_path)
    assert dataset.class_names == ("cat", "dog") and dataset.train.y.tolist() == [0, 1, 1]
    assert dataset.test is None and dataset.train.groups is None


def test_train_and_test_folders_are_the_split(tmp_path: Path) -> None:
    _touch(tmp_path, "train/a/1.png", "train/b/1.png", "test/b/1.png", "val/a/1.png")
    dataset = _dataset(tmp_path)
    assert dataset.test is not None and dataset.test.y.tolist() == [1] and len(dataset.train) == 2
    assert dataset.validation is not None and dataset.validation.y.tolist() == [0]


def test_files_without_class_folders_are_unlabelled(tmp_path: Path) -> None:
    dataset = _dataset(_touch(tmp_path, "1.png", "2.png"))
    assert dataset.train.y.tolist() == [-1, -1] and dataset.class_names == ()


def test_a_file_list(tmp_path: Path) -> None:
    _touch(tmp_path, "x/1.png", "x/2.png", "3.png")
    (tmp_path / "list.csv").write_text(
        "path,label,group,split,remark\nx/1.png,b,p,train,\nx/2.png,,q,train,hm\n3.png,a,p,test,\n"
    )
    dataset = _dataset(tmp_path / "list.csv")
    assert dataset.class_names == ("a", "b")
    assert dataset.train.y.tolist() == [1, -1] and dataset.test is not None and dataset.test.y.tolist() == [0]
    assert dataset.train.groups is not None and dataset.test.groups is not None
    assert dataset.test.groups[0] == dataset.train.groups[0] != dataset.train.groups[1]
    assert dataset.group_names == ("p", "q")


def test_other_columns(tmp_path: Path) -> None:
    _touch(tmp_path, "1.png", "2.png")
    (tmp_path / "list.csv").write_text(
        "\ufeffpath,defect,module\n1.png,3,m1\n2.png,10,m2\n", encoding="utf-8"
    )
    dataset = _dataset(tmp_path / "list.csv", "defect", "module")
    assert dataset.class_names == ("3", "10") and dataset.train.groups is not None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no rows|empty"),
        ("path,label\n", "no rows|empty"),
        ("remark,label\n1.png,a\n", r"no column 'path'.*path_column"),
        ("path,lable\n1.png,a\n", r"no column 'label'. Did you mean 'lable'"),
        ("path,label\n1.png,a\nnone.png,b\n", "1 of 2 files are not there, the first is .*none.png"),
        ("path,label\n1.png\n", "row 2|1 row"),
        ("path,label\n1.png,a,b\n", "row 2|1 row"),
        ("path,split\n1.png,train\n1.png,other\n", "line 3: split is 'other'"),
        ("path,split\n1.png,test\n", "no row has split = train"),
        ("path,group\n1.png,\n", "line 2: column 'group' is empty"),
    ],
)
def test_what_is_wrong_with_a_file_list(tmp_path: Path, text: str, message: str) -> None:
    _touch(tmp_path, "1.png")
    (tmp_path / "list.csv").write_text(text)
    with pytest.raises(SSLKitError, match=message):
        _dataset(tmp_path / "list.csv")


def test_a_label_column_that_is_not_there(tmp_path: Path) -> None:
    _touch(tmp_path, "1.png")
    (tmp_path / "list.csv").write_text("path,defect\n1.png,a\n")
    with pytest.raises(SSLKitError, match=r"no column 'defects'. Did you mean 'defect'\?"):
        _dataset(tmp_path / "list.csv", "defects")
    with pytest.raises(SSLKitError, match="need a list of files"):
        _dataset(tmp_path, "defect")


def test_what_is_wrong_with_folders(tmp_path: Path) -> None:
    with pytest.raises(SSLKitError, match="no such folder"):
        _dataset(tmp_path / "none")
    with pytest.raises(SSLKitError, match=r"no file that can be read \(.png\)"):
        _dataset(tmp_path)
    _touch(tmp_path, "a/1.png", "b/1.txt")
    with pytest.raises(SSLKitError, match=r"class folder\(s\) b hold no file"):
        _dataset(tmp_path)
    _touch(tmp_path, "b/1.png", "2.png")
    with pytest.raises(SSLKitError, match=r"1 file\(s\), e.g. 2.png, lie beside"):
        _dataset(tmp_path)


def test_a_file_list_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_bytes(bytes(range(256)))
    with pytest.raises(SSLKitError, match=r"list.csv"):
        _dataset(tmp_path / "list.csv")
