"""The terminal says what the report says."""

from __future__ import annotations

import io
from pathlib import Path

from rich.console import Console

from sslkit.report.read import read_comparison
from sslkit.report.terminal.tables import print_table
from sslkit.report.verdict.words import verdict_answers
from tests.report.fake_run import write_fake_run


def test_tables_with_n_and_the_reports_own_sentences(tmp_path: Path) -> None:
    folder = write_fake_run(tmp_path / "run", members=("watch", "words"))
    text = io.StringIO()
    print_table(folder, Console(file=text, width=400))
    lines = text.getvalue().splitlines()
    for member in read_comparison(folder).members:
        for sentence in (item for answer in verdict_answers(member) for item in answer.sentences):
            assert any(line.endswith(sentence.text) for line in lines)
    assert any("▼ simclr has collapsed in 1 of 3 seeds (seed 1)" in line for line in lines)
    assert any("words: accuracy in %, mean ± spread over seeds, linear" in line for line in lines)
    (supervised, *_) = [line for line in lines if "supervised" in line and line.endswith("│ 3 │")]
    assert supervised.count("±") == 4
    assert any("simclr" in line and line.endswith("│ 2 │") for line in lines)
    assert "on one split" in lines[-1]
