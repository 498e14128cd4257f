import datetime
from pathlib import Path

import pytest

from sslkit.data.tables.table import read_table
from sslkit.data.tables.workbook import read_sheet
from sslkit.errors import SSLKitError

openpyxl = pytest.importorskip("openpyxl", reason="Excel is read by the extra 'excel'")


def test_a_sheet_is_read_like_text(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ["Made in May"],
        ["t", "x", "who"],
        [datetime.datetime(2020, 1, 2, 3), 0.1, "ann"],
        [None, 2, True],
    ):
        sheet.append(row)
    book.create_sheet("other").append(["t", "x", "who"])
    book["other"].append([1, 2, 3])
    book.save(tmp_path / "a.xlsx")
    table = read_table(tmp_path / "a.xlsx", ["t", "x", "who"])
    assert table.columns["t"].to_pylist() == ["2020-01-02T03:00:00", ""] and table.numbers("x").tolist() == [
        0.1,
        2,
    ]
    assert table.line(0) == 3 and "a.xlsx: other" in str(table.notes)
    assert read_table(tmp_path / "a.xlsx", ["x"], {"sheet": "other"}).numbers("x").tolist() == [2]
    with pytest.raises(SSLKitError, match=r"no sheet 'third'. It has: Sheet, other"):
        read_sheet(tmp_path / "a.xlsx", "third")
    (tmp_path / "b.xlsx").write_text("no workbook")
    with pytest.raises(SSLKitError, match="truncated or corrupt"):
        read_sheet(tmp_path / "b.xlsx")


def test_without_the_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "openpyxl", None)
    with pytest.raises(SSLKitError, match=r"pip install 'sslkit\[excel\]'"):
        read_sheet(tmp_path / "a.xlsx")
