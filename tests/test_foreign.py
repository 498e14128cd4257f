"""Files of strangers: pipes and devices are not opened, JSON and cells are looked at."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sslkit.errors import SSLKitError
from sslkit.foreign import cell_name, home_path, parse_json, require_regular, require_size, safe_cell


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_pipes_and_devices_are_not_opened(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/zero")):
        with pytest.raises(SSLKitError, match="no regular file"):
            require_regular(path)
        with pytest.raises(SSLKitError, match="no regular file"):
            parse_json(path, "a result")


def test_a_file_larger_than_its_kind_is_refused(tmp_path):
    (tmp_path / "a").write_bytes(b"12345")
    assert require_size(tmp_path / "a", 5, "a config") == tmp_path / "a"
    with pytest.raises(SSLKitError, match="has 5 bytes; a config has at most 4"):
        require_size(tmp_path / "a", 4, "a config")


@pytest.mark.parametrize(
    "text", ["[" * 100_000, '{"a":' * 100_000, "nothing", "", "1" * 5000, "[" + "7" * 21 + "]", "\udcff"]
)
def test_json_that_is_none(tmp_path, text):
    path = tmp_path / "x.json"
    path.write_text(text, encoding="utf-8", errors="surrogateescape")
    with pytest.raises(SSLKitError, match="is not a result"):
        parse_json(path, "a result")


@pytest.mark.parametrize("text", ["~no-such-user-of-ours/x", "a\0b", "a\ud800b"])
def test_paths_that_are_none(text):
    with pytest.raises(SSLKitError, match=r"no such user|a byte that is 0|half a letter"):
        home_path(text)


@pytest.mark.parametrize("name", ["=1+1", "+a", "-", "@x", "\tx", "\rx", "'=1", "''-x"])
def test_a_name_is_no_formula_and_comes_back(name):
    assert safe_cell(name) == f"'{name}"
    assert cell_name(safe_cell(name)) == name


@pytest.mark.parametrize("value", ["walk", "'quoted'", "", "a=b", -1.5, -3, None])
def test_other_cells_stay(value):
    assert safe_cell(value) == value
    if isinstance(value, str):
        assert cell_name(value) == value
