"""Kinds of values: what they take, and what they do not."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from sslkit.records.fields import Count, FolderName, Positive, Real, Record, Seed, Shape


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (FolderName, "../thesis"), (FolderName, ".."), (FolderName, "."), (FolderName, ""), (FolderName, "a/b"),
        (FolderName, "a\\b"), (FolderName, "/etc"), (FolderName, "a\0"), (FolderName, 3),
        (Count, -1), (Count, 2**60), (Count, 1.0), (Count, "1"), (Count, True), (Count, 10**400),
        (Real, float("nan")), (Real, float("inf")), (Real, "1"), (Positive, 0.0), (Positive, -1),
        (Seed, 2**64), (Shape, []), (Shape, [1] * 5), (Shape, [0]), (Shape, [2**31]), (Shape, ["3"]), (Shape, [3.0]),
    ],
)  # fmt: skip
def test_what_is_refused(kind: Any, value: Any) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(kind).validate_python(value, strict=True)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (FolderName, "..a"), (FolderName, "größe 1"), (Count, 0), (Real, 3), (Positive, 1e-9), (Seed, -1),
        (Seed, 2**64 - 1), (Shape, [3, 33]), (Shape, [2**31 - 1]),
    ],
)  # fmt: skip
def test_what_is_taken(kind: Any, value: Any) -> None:
    assert TypeAdapter(kind).validate_python(value, strict=True) == value


def test_what_is_written_says_its_format() -> None:
    class Own(Record):
        what = "a file of mine"
        written = "mine 3"

    assert Own.marked({"a": 1}) == {"format": "mine 3", "a": 1}
    assert Own.marked({"format": "mine 2"}) == {"format": "mine 2"}
