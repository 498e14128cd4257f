"""Plain values of a config, checked strictly: no "3" for 3, no 1.5 for an int, no NaN or Inf."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from sslkit.errors import Problem

Value = TypeVar("Value")


def check_plain(
    adapter: TypeAdapter[Value], value: object, path: str, problems: list[Problem]
) -> Value | None:
    """The value as the adapter's type (lists do for tuples); None where it is no such, with what is wrong appended.

    Args:
        adapter: of the type.
        value: as YAML gives it.
        path: of the value in the config, for the messages.
        problems: where messages are added, one for each wrong place in the value.
    """
    try:
        return adapter.validate_json(json.dumps(value, allow_nan=False), strict=True)
    except ValidationError as error:
        for one in error.errors():
            where = path + _place(one["loc"], value)
            reason = "is not UTF-8 text" if one["type"] == "json_invalid" else _lower(one["msg"])
            problems.append(Problem(where, f"{reason}, found {one['input']!r:.80}"))
    except (TypeError, ValueError):
        for where, item in _strange(value, path):
            problems.append(Problem(where, f"expected a plain, finite value, found {item!r:.80}"))
    return None


def _strange(value: object, path: str) -> Iterable[tuple[str, object]]:
    """Places and values of what is no JSON: NaN, Inf, objects."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _strange(item, f"{path}.{key}")
    elif isinstance(value, list | tuple):
        for number, item in enumerate(value):
            yield from _strange(item, f"{path}[{number}]")
    elif not isinstance(value, str | int | None) and not (isinstance(value, float) and math.isfinite(value)):
        yield path, value


def _place(steps: Iterable[str | int], value: object) -> str:
    """``[2].name``: the steps that lead into ``value``, without those that tell options of a union apart."""
    place = ""
    for step in steps:
        if isinstance(value, list | tuple) and isinstance(step, int):
            place, value = f"{place}[{step}]", value[step] if step < len(value) else None
        elif isinstance(value, Mapping):
            place, value = f"{place}.{step}", value.get(step)
    return place


def _lower(message: str) -> str:
    return message[:1].lower() + message[1:].rstrip(".")
