"""The tiny comparison, prepared."""

from __future__ import annotations

from pathlib import Path

import pytest

from sslkit.assembly import Prepared, prepare
from sslkit.config import parse_study
from sslkit.plugins import load_registry
from tests.conftest import tiny


@pytest.fixture
def prepared(signals: Path) -> Prepared:
    """Sensor windows, two objectives, a small network."""
    registry, _ = load_registry()
    return prepare(parse_study(tiny(signals), [], registry).experiments[0], registry)
