"""Files stand in the same order wherever they are read."""

from __future__ import annotations

from pathlib import PurePath, PurePosixPath, PureWindowsPath

import pytest

from sslkit.data.reading.order import in_order

NAMES = ["b/1.png", "a/2.png", "B/1.png", "a/10.png", "a b/1.png", "a", "ä/1.png", "a.b/1.png", "Z"]


@pytest.mark.parametrize("kind", [PurePosixPath, PureWindowsPath])
def test_one_order(kind: type[PurePath]) -> None:
    found = [path.as_posix() for path in in_order(map(kind, NAMES))]
    assert found == [path.as_posix() for path in sorted(map(PurePosixPath, NAMES))]  # as Linux has it
    assert found.index("B/1.png") < found.index("a")
