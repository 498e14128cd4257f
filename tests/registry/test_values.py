"""Plain values are read strictly, and every wrong place is named."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pytest
from pydantic import TypeAdapter

from sslkit.errors import Problem
from sslkit.registry.values import check_plain


@dataclass
class Inner:
    """Something with a field."""

    name: str
    values: tuple[float, ...] = ()


def checked(kind: object, value: object) -> tuple[object, list[Problem]]:
    problems: list[Problem] = []
    return check_plain(TypeAdapter(kind), value, "x", problems), problems


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        (int, 3, 3),
        (float, 3, 3.0),
        (tuple[float, float], [1, 2.5], (1.0, 2.5)),
        (int | None, None, None),
        (dict[str, int], {"a": 1}, {"a": 1}),
        (Inner, {"name": "é", "values": [1]}, Inner("é", (1.0,))),
    ],
)
def test_good_values(kind, value, expected):
    found, problems = checked(kind, value)
    assert problems == []
    assert found == expected and type(found) is type(expected)


@pytest.mark.parametrize(
    ("kind", "value", "paths"),
    [
        (int, "3", ["x"]),
        (int, 1.5, ["x"]),
        (int, True, ["x"]),
        (bool, 1, ["x"]),
        (str, 3, ["x"]),
        (tuple[int, int], [1, "2"], ["x[1]"]),
        (tuple[int, int], ["1", "2"], ["x[0]", "x[1]"]),
        (list[Inner], [{"name": "a"}, {"name": 3}], ["x[1].name"]),
        (dict[str, int], {"a": None}, ["x.a"]),
        (Inner, {"values": []}, ["x.name"]),
        (int | str, 1.5, ["x", "x"]),  # one problem for each option of a union, none named in the path
    ],
)
def test_each_wrong_place_is_named(kind, value, paths):
    found, problems = checked(kind, value)
    assert found is None
    assert [problem.path for problem in problems] == paths


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_numbers_that_are_no_json(number):
    found, problems = checked(dict[str, list[float]], {"a": [1.0, number], "b": [number]})
    assert found is None
    assert [problem.path for problem in problems] == ["x.a[1]", "x.b[0]"]
    assert "finite" in problems[0].reason


def test_objects_are_refused_with_their_place():
    _, problems = checked(dict[str, object], {"a": {"b": [0, object()]}})
    assert [problem.path for problem in problems] == ["x.a.b[1]"]


def test_long_values_are_shortened_in_the_message():
    _, problems = checked(int, "y" * 500)
    assert len(problems[0].reason) < 160
