"""Each dialect that machines write gives the same columns."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from sslkit.data.reading.delimited import Delimited, read_delimited
from sslkit.data.reading.text.dialect import Reading
from sslkit.errors import SSLKitError

POINT = {"t": ["0.0", "0.1", "0.2"], "x": ["1.5", "-2.5", "3.25"], "who": ["ann", "ben", "ann"]}
COMMA = {name: [value.replace(".", ",") for value in values] for name, values in POINT.items()}


def _lines(columns: dict[str, list[str]], separator: str, header: bool = True) -> list[str]:
    rows = list(zip(*columns.values(), strict=True))
    return [separator.join(row) for row in ([tuple(columns)] if header else []) + rows]


def _text(columns: dict[str, list[str]], separator: str, header: bool = True) -> str:
    return "\n".join(_lines(columns, separator, header)) + "\n"


def _read(
    tmp_path: Path, content: str | bytes, wanted: list[str] | None = None, **reading: object
) -> Delimited:
    path = tmp_path / "a.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_delimited(path, ["x"] if wanted is None else wanted, Reading(**reading))  # type: ignore[typeddict-item]


def _columns(table: Delimited) -> dict[str, list[str]]:
    return {name: table.text(name).tolist() for name in table.names if name}


PREAMBLE = "Logger v1.2\nSerial: 123\nBegin;2020-01-01\n\n"
AS_POINT = {
    "comma": _text(POINT, ","),
    "tab": _text(POINT, "\t"),
    "bar": _text(POINT, "|"),
    "semicolon": _text(POINT, ";"),
    "comma and blank": _text(POINT, ", "),
    "blanks": "\n".join("  " + line.replace(" ", "   ") for line in _lines(POINT, " ")),
    "comments": "# sampled at 10 Hz\n# device 3\n" + _text(POINT, ","),
    "comments within": "# sampled\n" + _text(POINT, ",").replace("0.1,", "# restart\n0.1,"),
    "header in a comment": "# " + _text(POINT, " "),
    "header in a comment of ROS": "%" + _text(POINT, ","),
    "preamble": PREAMBLE + _text(POINT, ","),
    "units": "t,x,who\n[s],m/s^2,-\n" + _text(POINT, ",", header=False),
    "quoted": _text({k: [f'"{v}"' for v in values] for k, values in POINT.items()}, ","),
    "separator at the end": _text(POINT, ",").replace("\n", ",\n"),
    "separator at the end of values": "t,x,who\n" + _text(POINT, ",", header=False).replace("\n", ",\n"),
    "separator at the end of names": "t,x,who,\n" + _text(POINT, ",", header=False),
    "cut off": _text(POINT, ",") + "0.3,",
    "cut off in a name": _text(POINT, ",") + "0.3,1.5",
    "repeated header": _text(POINT, ",").replace("0.1,", "t,x,who\n0.1,"),
    "empty lines": _text(POINT, ",").replace("\n", "\n\n") + ",,\n,,\n",
    "old Macintosh": _text(POINT, ",").replace("\n", "\r"),
    "Windows": _text(POINT, ",").replace("\n", "\r\n"),
    "zeros at the end": _text(POINT, ",") + "\0" * 100,
    "UTF-8 with mark": _text(POINT, ",").encode("utf-8-sig"),
    "UTF-16": _text(POINT, "\t").encode("utf-16"),
    "UTF-16 without mark": _text(POINT, "\t").encode("utf-16-le"),
    "UTF-32": _text(POINT, "\t").encode("utf-32"),
    "gzip": gzip.compress(_text(POINT, ",").encode()),
    "row names": "t x who\n"
    + "\n".join(f"{i} {line}" for i, line in enumerate(_lines(POINT, " ", header=False))),
}
AS_COMMA = {
    "semicolon": _text(COMMA, ";"),
    "tab": _text(COMMA, "\t"),
    "blanks": _text(COMMA, " "),
    "quoted": _text({k: [f'"{v}"' for v in values] for k, values in COMMA.items()}, ","),
    "sep=": "sep=;\n" + _text(COMMA, ";"),
}


@pytest.mark.parametrize("name", AS_POINT)
def test_t13_dialects(tmp_path: Path, name: str) -> None:
    table = _read(tmp_path, AS_POINT[name])
    assert _columns(table) == POINT and table.dialect.decimal == "."


@pytest.mark.parametrize("name", AS_COMMA)
def test_t13_decimal_comma(tmp_path: Path, name: str) -> None:
    table = _read(tmp_path, AS_COMMA[name])
    assert _columns(table) == COMMA and table.dialect.decimal == ","


@pytest.mark.parametrize("separator", [",", ";", "\t", " "])
@pytest.mark.parametrize("columns", [POINT, COMMA])
def test_t13_without_header(tmp_path: Path, separator: str, columns: dict[str, list[str]]) -> None:
    if separator == "," and columns is COMMA:
        columns = {name: [f'"{v}"' for v in values] for name, values in COMMA.items()}
    table = _read(tmp_path, _text(columns, separator, header=False), [])
    values = [[value.strip('"') for value in column] for column in columns.values()]
    assert list(_columns(table).values()) == values and table.names == ("column_1", "column_2", "column_3")
    assert "1 file(s) have no line of names (a.csv)" in str(table.notes[0])


def test_t13_what_was_recognised_is_said(tmp_path: Path) -> None:
    table = _read(tmp_path, PREAMBLE + "t;x;who\ns;V;\n0,1;2,5;ann\n0,2;3,5;ben\n")
    assert table.words() == "UTF-8, separator ';', decimal comma, header in line 5, a line of units"
    assert table.units() == {"t": "s", "x": "V"} and [table.line(0), table.line(1)] == [7, 8]
    assert "3 line(s) before the values are not read (a.csv): e.g. Logger v1.2" in str(table.notes[0])
    assert "cut off" in str(_read(tmp_path, AS_POINT["cut off"]).notes)


def test_t13_settings_win(tmp_path: Path) -> None:
    content = "a:b\nkeep out\nt:x\n1,5:2\n! no\n2,5:3\n"
    table = _read(tmp_path, content, separator=":", skip=2, comment="!", decimal=",", header=True)
    assert _columns(table) == {"t": ["1,5", "2,5"], "x": ["2", "3"]}
    assert _columns(_read(tmp_path, "x,y\n1,2\n", header=False)) == {
        "column_1": ["x", "1"],
        "column_2": ["y", "2"],
    }
    assert _columns(_read(tmp_path, "x y\n1 2\n", separator="blank")) == {"x": ["1"], "y": ["2"]}


def test_t13_numbers_in_two_readings_are_asked_for(tmp_path: Path) -> None:
    with pytest.raises(SSLKitError, match=r"'1,234' can be read in two ways. Set reading"):
        _read(tmp_path, "t;x\n1;1,234\n2;2,345\n")
    assert _read(tmp_path, "t;x\n1;1,234\n2;2,345\n", decimal=",").dialect.decimal == ","
    assert _read(tmp_path, "t;x\n1;1,234\n2;2,345\n", thousands=",").dialect.decimal == "."
    with pytest.raises(SSLKitError, match=r"Set reading: \{decimal: ',', thousands: '.'\}"):
        _read(tmp_path, "t;x\n1;1.234,5\n2;2.345,5\n")


def test_t14_western_text(tmp_path: Path) -> None:
    table = _read(tmp_path, "x,T [°C],wer\n1,20,fährt\n2,21,steht\n".encode("cp1252"))
    assert table.names == ("x", "T [°C]", "wer") and table.text("wer").tolist() == ["fährt", "steht"]
    assert table.encoding == "cp1252" and "words like [°C], fährt" in str(table.notes[0])
    japanese = _read(tmp_path, "x,誰\n1,人\n".encode("shift-jis"), encoding="shift-jis")
    assert japanese.text("誰").tolist() == ["人"]
    with pytest.raises(SSLKitError, match="there is no encoding 'klingon'"):
        _read(tmp_path, "x\n1\n", encoding="klingon")


def test_values_over_lines_and_empty_cells_of_one_column(tmp_path: Path) -> None:
    table = _read(tmp_path, 'x,who\n1,"a\nb"\n2,"c ""d"""\n')
    assert table.text("who").tolist() == ["a\nb", 'c "d"'] and [table.line(0), table.line(1)] == [2, 4]
    assert _read(tmp_path, "x\n1\n\n3\n").text("x").tolist() == ["1", "", "3"]


def test_bad_rows_are_refused_with_their_lines(tmp_path: Path) -> None:
    content = "# a\nx,y,z\n1,2,3\n1,2\n1,2,3\n# b\n1,2,3,4\n1,2,3\n"
    with pytest.raises(
        SSLKitError, match=r"2 row\(s\) have not 3 fields .*row 4 has 2 \('1,2'\); row 7 has 4"
    ):
        _read(tmp_path, content)
    with pytest.raises(SSLKitError, match=r"Are they comments\? Set reading: \{comment: '#'\}"):
        _read(tmp_path, "x,y\n" + "1,2\n" * 600 + "# stop\n1,2\n")
    with pytest.raises(SSLKitError, match="several columns 'x'"):
        _read(tmp_path, "x,x\n1,2\n").array("x")
    for content, message in (("", "is empty"), ("x,y\n", "no rows"), ("PAR1...", "not text but Parquet")):
        with pytest.raises(SSLKitError, match=message):
            _read(tmp_path, content)
    with pytest.raises(SSLKitError, match="row 2: has bytes that are 0"):
        _read(tmp_path, "x,y\n1,\0\n3,4\n")
    with pytest.raises(SSLKitError, match="truncated or corrupt"):
        _read(tmp_path, gzip.compress(b"x,y\n1,2\n" * 100)[:-20])
