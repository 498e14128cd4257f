"""The documents, and what is picked out of them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
GENERATED = [DOCS / "augmentations.md", *sorted((DOCS / "reference").rglob("*.md"))]
WRITTEN = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
    *(path for path in sorted(DOCS.glob("*.md")) if path not in GENERATED),
]
BLOCK = re.compile(r"^( *)```([^\n]*)\n(.*?)^\1```", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`([^`]+)`")


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def without_blocks(path: Path) -> str:
    """A document's text outside its code blocks."""
    return BLOCK.sub("", read(path))


def spans(path: Path) -> list[str]:
    """What a document has between backticks, outside its code blocks."""
    return list(dict.fromkeys(" ".join(found.split()) for found in CODE.findall(without_blocks(path))))


def blocks(language: str) -> list[Any]:
    """Code blocks of that very info string, each as a test parameter."""
    found = []
    for document in (*WRITTEN, DOCS / "augmentations.md"):
        for number, (_, info, text) in enumerate(BLOCK.findall(read(document)), start=1):
            if info.strip() == language:
                found.append(pytest.param(text, id=f"{document.name}-block{number}"))
    return found
