"""Findings on the terminal."""

from __future__ import annotations

import io

from rich.console import Console

from sslkit.report.figures.words import Sentence
from sslkit.report.terminal.sentences import print_sentences


def test_each_verdict_has_its_sign_and_brackets_are_text() -> None:
    text = io.StringIO()
    said = [Sentence("won", "a [b] c"), Sentence("lost", "d"), Sentence("even", "e"), Sentence("open", "f")]
    print_sentences(said, Console(file=text, width=80))
    assert text.getvalue().splitlines() == ["  ▲ a [b] c", "  ▼ d", "  ≈ e", "  ○ f"]
