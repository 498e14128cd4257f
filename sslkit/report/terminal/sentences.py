"""Findings on the terminal, each with the sign of its verdict."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.markup import escape

from sslkit.report.figures.words import Sentence

SIGNS = {"won": "▲", "lost": "▼", "even": "≈", "open": "○"}


def print_sentences(sentences: Iterable[Sentence], console: Console) -> None:
    """A line each, as the report says it."""
    for sentence in sentences:
        console.print(f"  {SIGNS[sentence.verdict]} {escape(sentence.text)}")
