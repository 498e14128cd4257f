from pathlib import Path

import pytest

from sslkit.data.reading.lists.class_folders import read_class_folders
from sslkit.data.reading.lists.file_lists import FileList
from sslkit.errors import SSLKitError


def _folders(root: Path, *names: str, **settings: object) -> FileList:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(b"x")
    return read_class_folders(root, (".png",), **settings)  # type: ignore[arg-type]


def _by_part(found: FileList) -> dict[str, list[str]]:
    parts: dict[str, list[str]] = {}
    for part, label in zip(found.parts, found.labels, strict=True):
        parts.setdefault(part, []).append(label)
    return parts


@pytest.mark.parametrize(
    ("train", "test"),
    [("Training", "Testing"), ("TRAIN", "TEST"), ("train", "eval"), ("Train", "evaluation")],
)
def test_p3_a5_parts_by_the_names_that_people_give_them(tmp_path: Path, train: str, test: str) -> None:
    found = _folders(tmp_path, f"{train}/a/1.png", f"{train}/b/2.png", f"{test}/a/3.png")
    assert _by_part(found) == {"train": ["a", "b"], "test": ["a"]}


@pytest.mark.parametrize("name", ["val", "valid", "validation", "dev"])
def test_p3_a_validation_folder_is_the_validation_part_or_the_test_part_where_there_is_none(
    tmp_path: Path, name: str
) -> None:
    alone = _folders(tmp_path / "1", "train/a/1.png", "train/b/2.png", f"{name}/a/3.png")
    assert _by_part(alone) == {"train": ["a", "b"], "test": ["a"]}
    assert "is the test part" in str(alone.notes[0])
    beside = _folders(tmp_path / "2", "train/a/1.png", f"{name}/a/3.png", "test/a/4.png")
    assert _by_part(beside) == {"train": ["a"], "validation": ["a"], "test": ["a"]}


def test_p3_unlabelled_pictures_are_trained_on_and_a_test_folder_without_labels_is_not_used(
    tmp_path: Path,
) -> None:
    found = _folders(
        tmp_path,
        "train/a/1.png",
        "train/b/1.png",
        "unlabeled/1.png",
        "unlabeled/x/2.png",
        "val/a/1.png",
        "test/1.png",
    )
    assert _by_part(found) == {"train": ["a", "b", "", ""], "test": ["a"]}
    assert any("no labels" in str(note) and note.count == 1 for note in found.notes)


def test_folders_called_like_parts_that_are_none_are_warned_of(tmp_path: Path) -> None:
    found = _folders(tmp_path, "test/1.png", "rest/1.png")
    assert sorted(set(found.labels)) == ["rest", "test"] and found.notes[0].warning


def test_a5_folds_are_groups_or_the_test_part(tmp_path: Path) -> None:
    names = [f"fold{fold}/{label}/1.png" for fold in (1, 2, 10) for label in "ab"]
    found = _folders(tmp_path, *names)
    assert found.groups is not None and set(found.groups) == {"fold1", "fold2", "fold10"}
    assert set(found.parts) == {"train"} and found.labels == ["a", "b"] * 3
    held = _folders(tmp_path, test_folds=("10",))
    assert [group for group, part in zip(held.groups or (), held.parts, strict=True) if part == "test"] == [
        "fold10"
    ] * 2
    with pytest.raises(SSLKitError, match="test_folds 7; there are 1, 10, 2"):
        _folders(tmp_path, test_folds=("7",))


def test_a5_what_systems_leave_behind_is_skipped_and_other_files_are_named(tmp_path: Path) -> None:
    found = _folders(
        tmp_path,
        *("a/1.png", "b/1.png", ".Trash-1000/x.png", "@eaDir/x.png", "__MACOSX/x.png", "a/._1.png"),
        *("a/.ipynb_checkpoints/1.png", "a/Thumbs.db", "a/2.heic", "b/3.heic", "a/readme.txt", "a/4"),
        others="Convert them.",
    )
    assert sorted(found.labels) == ["a", "b"] and found.facts == {"files": "2 read, 3 left out"}
    left, skipped = found.notes
    assert (left.count, left.which) == (3, (".heic: 2", "without ending: 1")) and left.cure == "Convert them."
    assert skipped.which == ("@eaDir", "Thumbs.db", "__MACOSX")


def test_a5_linked_folders_are_followed_once(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    (tmp_path / "far" / "1.png").write_bytes(b"x")
    (tmp_path / "root" / "a").mkdir(parents=True)
    (tmp_path / "root" / "b").mkdir()
    (tmp_path / "root" / "b" / "2.png").write_bytes(b"x")
    try:
        (tmp_path / "root" / "a" / "link").symlink_to(tmp_path / "far")
    except OSError:
        pytest.skip("this user may make no symbolic links (Windows)")
    (tmp_path / "far" / "back").symlink_to(tmp_path / "root" / "a")
    assert _folders(tmp_path / "root").labels == ["a", "b"]


def test_an_empty_class_names_what_lies_in_it(tmp_path: Path) -> None:
    with pytest.raises(SSLKitError, match=r"class folder\(s\) b hold no file.*1 .heic"):
        _folders(tmp_path, "a/1.png", "b/1.heic")
