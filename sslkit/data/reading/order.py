"""Files in one order on every system: it decides which sample stands in which part."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath
from typing import TypeVar

AnyPath = TypeVar("AnyPath", bound=PurePath)


def in_order(paths: Iterable[AnyPath]) -> list[AnyPath]:
    """By their parts as they are written; Windows' own order takes upper and lower case for one."""
    return sorted(paths, key=lambda path: path.parts)
