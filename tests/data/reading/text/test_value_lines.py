from pathlib import Path

from sslkit.data.reading.text.dialect import recognise
from sslkit.data.reading.text.value_lines import first_lines, skipped_lines, value_lines


def test_lines_that_have_no_values_are_left_out_and_said() -> None:
    content = b"Logger\n# one\nt,x\n0,1\n# two\n1,2\nt,x\n\n,\n2,3\n3"
    lines = first_lines(content)
    dialect = recognise(lines, ["x"], {}, "a")
    assert [str(note) for note in skipped_lines(lines, dialect, Path("a"))] == [
        "2 line(s) before the values are not read (a): e.g. Logger / # one."
    ]
    notes: list = []
    body, numbers = value_lines(content, dialect, lines, Path("a"), notes)
    assert body == b"0,1\n1,2\n2,3\n" and numbers is not None and numbers[:3].tolist() == [4, 6, 10]
    said = " ".join(map(str, notes))
    assert "1 line(s) repeat the line of names" in said and "3 line(s) are empty or comments" in said
    assert "cut off" in said and first_lines(b"a\n" * 1000) == ["a"] * 400
