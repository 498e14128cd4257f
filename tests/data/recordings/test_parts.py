from pathlib import Path

import pytest

from sslkit.data.recordings.parts import other_names, part_numbers, parts_of_folders
from sslkit.data.tables.table import read_table
from sslkit.errors import SSLKitError


def test_t17_names_of_parts(tmp_path: Path) -> None:
    names = ["Train", "training", "dev", "VAL", "validation", "test", "Eval", "holdout"]
    (tmp_path / "a.csv").write_text("\n".join(["x,part", *(f"1,{name}" for name in names)]))
    assert part_numbers(read_table(tmp_path / "a.csv", ["part"]), "part").tolist() == [0, 0, 1, 1, 1, 2, 2, 2]
    (note,) = other_names(read_table(tmp_path / "a.csv", ["part"]), "part")
    taken = ("Eval: test", "VAL: validation", "dev: validation", "holdout: test", "training: train")
    assert str(note).startswith("values of column 'part' are taken for parts (") and note.which == taken
    (tmp_path / "a.csv").write_text("x,part\n1,train\n1,Test\n")
    assert other_names(read_table(tmp_path / "a.csv", ["part"]), "part") == ()
    (tmp_path / "a.csv").write_text("x,part\n1,train\n1,\n")
    with pytest.raises(SSLKitError, match="column 'part' has '' in row 3"):
        part_numbers(read_table(tmp_path / "a.csv", ["part"]), "part")


def test_folders_of_parts(tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("train/a.csv", "Test/b/c.csv")]
    assert parts_of_folders(files, tmp_path) == {files[0]: 0, files[1]: 2}
    for other in ("c.csv", "more/c.csv"):
        assert parts_of_folders([*files, tmp_path / other], tmp_path) == {}
    assert parts_of_folders(files[:1], tmp_path) == {}
