from pathlib import Path

import pytest

from sslkit.data.tables.folder import all_problems, read_tables, suffix_of, table_files
from sslkit.errors import SSLKitError


def test_files_of_a_folder_in_order(tmp_path: Path) -> None:
    for name in ("b.csv", "a/c.tsv.gz", ".hidden.csv", "__MACOSX/b.csv", "b.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x\n1\n")
    files, notes = table_files(str(tmp_path))
    assert [str(file.relative_to(tmp_path)) for file in files] == ["a/c.tsv.gz", "b.csv"]
    assert [str(note) for note in notes] == ["1 file(s) are no tables and are left out (b.json)."]
    assert suffix_of(Path("a.CSV.gz")) == ".csv" and table_files(str(tmp_path / "b.csv"))[0] == [
        tmp_path / "b.csv"
    ]


def test_no_table(tmp_path: Path) -> None:
    with pytest.raises(SSLKitError, match="no such file"):
        table_files(str(tmp_path / "none"))
    (tmp_path / "a.json").write_text("{}")
    with pytest.raises(SSLKitError, match=r"has no table .* It has: a.json"):
        table_files(str(tmp_path))


def test_texts_without_the_columns_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("t,x\n1,2\n")
    (tmp_path / "codes.txt").write_text("1 walking\n2 running\n")
    (tmp_path / "old.txt").write_text("t,z\n1,2\n")
    files, _ = table_files(str(tmp_path))
    with pytest.raises(SSLKitError, match=r"old.txt has no column 'x'"):
        read_tables(files, tmp_path, ["t", "x"], {})
    (tmp_path / "old.txt").unlink()
    tables, notes = read_tables(files[:2], tmp_path, ["t", "x"], {})
    assert [table.name for table in tables] == ["a.csv"] and "codes.txt" in str(notes)


def test_many_problems_stay_short() -> None:
    message = all_problems([f"file {i}: " + "x" * 3000 for i in range(40)], 50)
    assert message.startswith("40 problems with 50 file(s):\n  file 0") and "and 30 more" in message
    assert len(message) <= 2000 and all_problems(["one"], 5) == "one"
