"""A comparison in a moment, whose files the tests read and edit."""

from __future__ import annotations

from pathlib import Path

import pytest

import sslkit
from sslkit.testing import tiny_study


@pytest.fixture(scope="session")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a finished comparison; not to be written into."""
    folder = tmp_path_factory.mktemp("records")
    return sslkit.compare(tiny_study(folder), out=folder / "run", quiet=True).parent
