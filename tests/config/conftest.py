"""What all tests of configs need."""

from __future__ import annotations

import pytest

from sslkit.plugins import load_registry
from sslkit.registry import Registry


@pytest.fixture
def registry() -> Registry:
    """The built-ins."""
    return load_registry()[0]
