from pathlib import Path

import pytest

from sslkit.data.reading.lists.file_lists import FileList, ListSettings
from sslkit.data.reading.lists.listed_files import read_listed_files
from sslkit.errors import SSLKitError


def _list(folder: Path, text: str | bytes, *files: str, **settings: object) -> FileList:
    for name in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x")
    path = folder / "list.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_listed_files(path, ListSettings(**settings))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "path;label\n1.png;fährt\n2.png;steht\n".encode(),
        "path\tlabel\n1.png\tfährt\n2.png\tsteht\n".encode("cp1252"),
        "path,label\r\n1.png,fährt\r\n2.png,steht\r\n".encode("utf-16"),
        "\ufeffpath,label\n1.png,fährt\n\n2.png,steht\n,\n".encode(),
    ],
)
def test_p10_dialects_and_encodings(tmp_path: Path, text: bytes) -> None:
    found = _list(tmp_path, text, "1.png", "2.png")
    assert [path.name for path in found.paths] == ["1.png", "2.png"] and found.labels == ["fährt", "steht"]


def test_p10_windows_paths(tmp_path: Path) -> None:
    found = _list(tmp_path, "path,label\na\\1.png,x\na/2.png,y\n", "a/1.png", "a/2.png")
    assert all(path.is_file() for path in found.paths)


def test_p10_other_names_of_columns_and_unused_ones(tmp_path: Path) -> None:
    text = "image,class,patient_id,set,age\n1.png,a,p1,Training,50\n2.png,b,p2,Test,60\n3.png,a,p1,dev,50\n"
    found = _list(tmp_path, text, "1.png", "2.png", "3.png")
    assert found.labels == ["a", "b", "a"] and found.groups == ["p1", "p2", "p1"]
    assert found.parts == ["train", "test", "validation"]
    assert found.notes[-1].which == ("age",) and "not used" in str(found.notes[-1])


def test_a9_esc_50_and_urban_sound(tmp_path: Path) -> None:
    text = "filename,fold,target,category\n1.wav,1,0,dog\n2.wav,2,1,cat\n"
    found = _list(tmp_path, text, "audio/1.wav", "audio/2.wav")
    assert found.labels == ["dog", "cat"] and found.groups == ["1", "2"]
    assert [path.parent.name for path in found.paths] == ["audio", "audio"] and "by their names" in str(
        found.notes
    )
    urban = (
        "slice_file_name,fsID,start,end,fold,classID,class\n1.wav,1,5.0,9.0,1,3,bark\n2.wav,1,0,4,2,2,drill\n"
    )
    found = _list(tmp_path, urban, test_folds=("2",))
    assert found.spans is None and found.labels == ["bark", "drill"] and found.parts == ["train", "test"]


def test_a2_segments(tmp_path: Path) -> None:
    found = _list(tmp_path, "path,start,end,label\n1.wav,0.5,1.5,a\n1.wav,2,2.25,b\n", "1.wav")
    assert found.spans == [(0.5, 1.5), (2.0, 2.25)]
    found = _list(tmp_path, "file;onset;duration;label\n1.wav;0,5;1;a\n", "1.wav")
    assert found.spans == [(0.5, 1.5)]
    with pytest.raises(SSLKitError, match="row 2: the segment 2 … 1 s is none"):
        _list(tmp_path, "path,start,end\n1.wav,2,1\n")


def test_files_that_are_not_there_are_all_named(tmp_path: Path) -> None:
    text = "path,label\n" + "".join(f"{n}.png,a\n" for n in range(1, 15))
    with pytest.raises(SSLKitError, match=r"13 of 14 files are not there.*row 3: 2.png.*and 3 more.*root:"):
        _list(tmp_path / "of" / "their" / "own", text, "1.png")  # folders beside the list's are looked into
    found = _list(
        tmp_path, "path,label\n9.png,a\n", "far/away/9.png", "far/9.txt", root=str(tmp_path / "far" / "away")
    )
    assert found.paths[0].is_file()


def test_two_files_of_one_name_are_not_guessed(tmp_path: Path) -> None:
    with pytest.raises(SSLKitError, match="1 of 1 files are not there"):
        _list(tmp_path, "path,label\n1.png,a\n", "a/1.png", "b/1.png")
