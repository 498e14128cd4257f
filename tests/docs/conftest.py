"""What is loaded once for all tests of documents."""

from __future__ import annotations

import sys
from types import ModuleType

import pytest

from sslkit.plugins import Plugin, load_registry
from sslkit.registry import Registry
from tests.docs.documents import DOCS, ROOT, blocks


@pytest.fixture(scope="session")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Registry, tuple[Plugin, ...]]:
    """Built-ins, the real plugins, and every example of docs/plugins.md as a file of its own."""
    folder = tmp_path_factory.mktemp("plugins")
    for number, example in enumerate(blocks("python")):
        if example.id.startswith("plugins.md"):
            (folder / f"example_{number}.py").write_text(example.values[0], encoding="utf-8")
    return load_registry((str(folder), str(ROOT / "plugins")))


@pytest.fixture(scope="session")
def maker() -> ModuleType:
    """``docs/make_reference.py`` as a module."""
    sys.path.insert(0, str(DOCS))
    try:
        import make_reference
    finally:
        sys.path.remove(str(DOCS))
    return make_reference
