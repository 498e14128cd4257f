"""Reading a file by its schema: what it gives, and what it says of a file that is none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sslkit.errors import SSLKitError
from sslkit.records import SamplesCard, read_record

GOOD = {"shape": [3, 33], "more": "is kept"}


@pytest.mark.parametrize("content", [GOOD, {**GOOD, "format": "sslkit samples 1"}])
def test_it_is_given_as_it_stands(content: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "spec.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    assert read_record(path, SamplesCard) == content


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ([], "it holds list"),
        (3, "it holds int"),
        ({**GOOD, "format": "sslkit samples 2"}, "reads 'sslkit samples 1'. Update sslkit"),
        ({**GOOD, "format": "sslkit encoder 1"}, "format is 'sslkit encoder 1'"),
        ({**GOOD, "format": 1}, "format is '1'"),
        (
            {"shape": [0, "a"], "channels": 3, "class_names": 4},
            "shape.0: .*; shape.1: .*; channels: .*; and 1 more",
        ),
        ({"k" * 5000: 1}, "shape: Field required"),
    ],
)
def test_what_is_none_is_said(content: Any, words: str, tmp_path: Path) -> None:
    path = tmp_path / "spec.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(SSLKitError, match=words) as error:
        read_record(path, SamplesCard)
    assert str(path) in str(error.value) and len(str(error.value)) < 2000


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SSLKitError, match="there is no such file; expected a description of samples"):
        read_record(tmp_path / "spec.json", SamplesCard)
