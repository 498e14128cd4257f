import pytest

from sslkit.data.reading.text.dialect import fields, is_value, recognise, tidy
from sslkit.errors import SSLKitError


def test_values() -> None:
    values = [
        "1",
        "-1.5e3",
        "1,5",
        ".5",
        "1 234 567,8",
        "2020-01-02 03:04:05",
        "3.4.2020",
        "10:11",
        "5 Mar 2020",
        "inf",
    ]
    assert all(map(is_value, values))
    assert not any(map(is_value, ["", "x1", "walk", "a 1", "1 2", "1.5 2.5", "x", "-"]))


def test_names_that_are_numbers() -> None:
    """pandas calls columns 0, 1, 2 where nobody named them."""
    dialect = recognise(["0,1,2", "1.5,2.5,3.5", "2.5,3.5,4.5"], ["1", "2"], {}, "a")
    assert dialect.names == ("0", "1", "2") and dialect.header_line == 1 and dialect.first_line == 2


def test_the_first_values_may_be_text_where_later_ones_are_numbers() -> None:
    lines = ["n,x,what", *(f"{i},{i / 2},{'go' if i < 30 else '1'}" for i in range(60))]
    for wanted in ([], ["n", "x"]):
        dialect = recognise(lines, wanted, {}, "a")
        assert (dialect.header_line, dialect.first_line) == (1, 2)


def test_two_lines_of_words() -> None:
    dialect = recognise(["t,x", "seconds,Acceleration", "0,1.5", "1,2.5", "2,3.5"], ["x"], {}, "a")
    assert (dialect.header_line, dialect.first_line, dialect.units) == (1, 3, ())


def test_fields_and_names() -> None:
    assert fields(' a  "b c" d ', " ") == ["a", "b c", "d"] and fields('a; "b;c";', ";") == ["a", "b;c", ""]
    assert tidy(" \ufeffa\u0308 ") == "ä"
    with pytest.raises(SSLKitError, match="is empty"):
        recognise(["", "  "], [], {}, "a")


def test_a_list_whose_people_are_words_and_numbers_keeps_its_header_and_first_row() -> None:
    lines = ["Path|label|group", "0.png|a|anna", *(f"{n}.png|a|{n:02}" for n in range(1, 9))]
    found = recognise(lines, ["path", "filename"], {}, "here")
    assert (found.separator, found.header_line, found.names) == ("|", 1, ("Path", "label", "group"))
    assert found.first_line == 2


def test_two_tabs_are_an_empty_field() -> None:
    lines = ["path\tclass\tperson\tnumber", *(f"{n}.png\ta\tanna\t{n}" for n in range(6)), "6.png\t\tanna\t6"]
    assert recognise(lines, ["path"], {}, "here").separator == "\t"
