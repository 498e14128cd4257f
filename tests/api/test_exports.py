"""What is called and what the package exports."""

from __future__ import annotations

import sslkit
from sslkit import api


def test_what_is_called_and_what_is_exported_are_the_same():
    assert set(api.__all__) <= set(sslkit.__all__)
    assert all(getattr(api, name) is getattr(sslkit, name) for name in api.__all__)
