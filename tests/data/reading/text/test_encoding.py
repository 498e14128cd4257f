import gzip
from pathlib import Path

import pytest

from sslkit.data.reading.text.encoding import read_text
from sslkit.errors import SSLKitError

TEXT = "x,wer\n1,fährt über\n"


@pytest.mark.parametrize(
    "encoding, name",
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("utf-16", "UTF-16"),
        ("utf-16-be", "UTF-16"),
        ("utf-32", "UTF-32"),
        ("cp1252", "cp1252"),
    ],
)
def test_encodings(tmp_path: Path, encoding: str, name: str) -> None:
    (tmp_path / "a").write_bytes(TEXT.encode(encoding))
    text = read_text(tmp_path / "a")
    assert text.content == TEXT.encode() and text.encoding == name
    assert ("fährt" in str(text.notes)) == (name == "cp1252")


def test_packed_and_line_ends(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(gzip.compress(b"x\r\n1\r2\n\0\0"))
    text = read_text(tmp_path / "a")
    assert text.content == b"x\n1\n2\n" and "end in bytes that are 0" in str(text.notes[0])


def test_what_is_no_text(tmp_path: Path) -> None:
    for content, message in {
        b"PAR1": "Parquet",
        b"PK\x03\x04": "Excel",
        b"a\0b\n": "row 1",
        b"\xff\xfe\0": "utf-16",
    }.items():
        (tmp_path / "a").write_bytes(content)
        with pytest.raises(SSLKitError, match=message):
            read_text(tmp_path / "a")
    (tmp_path / "a").write_bytes(b"\xe4")
    with pytest.raises(SSLKitError, match="not in the encoding utf-8"):
        read_text(tmp_path / "a", "utf-8")
