"""Arrays of anybody: headers that claim what is not there, code, objects, and zips that are none."""

from __future__ import annotations

import io
import pickle
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest

from sslkit.errors import SSLKitError
from sslkit.npz_files import read_all, read_member, read_npy

WHOLE = np.arange(12.0).reshape(3, 4)


def npy(header: str, data: bytes = b"") -> bytes:
    text = header.encode() + b" " * (117 - len(header)) + b"\n" if len(header) < 117 else header.encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text + data


def header(shape: str, kind: str = "<f8") -> str:
    return f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}"


def zipped(path: Path, content: bytes, claim: int | None = None) -> Path:
    """An archive with one member; in its directory the member's size is ``claim``."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.npy", content)
    raw = file.getvalue()
    if claim is not None:
        size = struct.pack("<L", len(content))
        assert raw.count(size) >= 2
        raw = raw.replace(size, struct.pack("<L", claim))
    path.write_bytes(raw)
    return path


@pytest.mark.parametrize(
    "array", [WHOLE, np.array("text"), np.array([1, 2], np.int8), np.asfortranarray(WHOLE)]
)
def test_there_and_back(array: np.ndarray, tmp_path: Path) -> None:
    np.savez(tmp_path / "x.npz", a=array, b=WHOLE)
    np.savez_compressed(tmp_path / "y.npz", a=array)
    np.save(tmp_path / "z.npy", array)
    for found in (
        read_member(tmp_path / "x.npz", "a"),
        read_all(tmp_path / "y.npz")["a"],
        read_npy(tmp_path / "z.npy"),
    ):
        np.testing.assert_array_equal(found, array)
        assert found.dtype == array.dtype
    assert list(read_all(tmp_path / "x.npz")) == ["a", "b"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (npy(header("(4000000000,)")), "claims 32,000,000,000 bytes, and there are"),
        (npy(header("(True, 3)"), b"\0" * 24), "shape"),
        (npy(header("(-1, 3)"), b"\0" * 24), "shape"),
        (npy(header("(3,)", "|O"), pickle.dumps(print)), "Object arrays"),
        (npy("__import__('os').system('true')"), ""),
        (npy("(" * 9000), ""),
        (npy("[" * 60_000), ""),
        (npy("'" * 100), ""),
        (b"\x93NUMPY\x09\x00", ""),
        (b"", ""),
    ],
)
def test_headers_are_held_against_the_file(content: bytes, words: str, tmp_path: Path) -> None:
    (tmp_path / "x.npy").write_bytes(content)
    with pytest.raises(ValueError, match=words):
        read_npy(tmp_path / "x.npy")
    with pytest.raises(ValueError, match=words):
        read_member(zipped(tmp_path / "x.npz", content), "a")


def test_a_member_that_claims_gigabytes(tmp_path: Path) -> None:
    content = npy(header("(500000000,)"), b"\0" * 4000)
    path = zipped(tmp_path / "x.npz", content, claim=4_000_000_128)
    with pytest.raises(ValueError, match=r"it claims 4,000,000,128 bytes, and .* are in the file"):
        read_member(path, "a")


@pytest.mark.parametrize("content", [b"", b"PK", b"PK\x05\x06" + b"\0" * 10, b"text" * 100])
def test_what_is_no_archive(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "x.npz").write_bytes(content)
    with pytest.raises(ValueError):
        read_all(tmp_path / "x.npz")


def test_pipes_are_not_opened(tmp_path: Path) -> None:
    import os

    if not hasattr(os, "mkfifo"):
        pytest.skip("this system has no named pipes")
    os.mkfifo(tmp_path / "x.npz")
    with pytest.raises(SSLKitError, match="no regular file"):
        read_all(tmp_path / "x.npz")


def test_more_than_the_memory_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from types import SimpleNamespace

    np.savez_compressed(tmp_path / "x.npz", a=np.zeros(10_000))
    monkeypatch.setattr("psutil.virtual_memory", lambda: SimpleNamespace(total=79_999))
    with pytest.raises(ValueError, match="80,000 bytes, more than this machine's memory"):
        read_member(tmp_path / "x.npz", "a")
