"""Examples in docstrings are tests of their own; each runs in an empty folder, and leaves it empty."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def leaves_no_files(request: pytest.FixtureRequest) -> Iterator[None]:
    """Of an example: where it runs. Of any other test nothing is asked."""
    if not isinstance(request.node, pytest.DoctestItem):
        yield
        return
    folder: Path = request.getfixturevalue("tmp_path")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        yield
    assert list(folder.iterdir()) == [], "the example leaves files behind"
