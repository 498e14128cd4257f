"""Sentences: they say what the intervals say, no more."""

from __future__ import annotations

from pathlib import Path

import pytest

from sslkit.comparison.report.files import csv_rows, json_lines
from sslkit.comparison.report.read import Member
from sslkit.comparison.report.tables import columns_of, duration
from sslkit.comparison.report.words import all_sentences, lost_words, verdicts
from sslkit.errors import SSLKitError


def member(figures: dict[str, list[float]]) -> Member:
    rows = [
        {
            "data": "d", "objective": method, "seed": seed, "evaluator": "linear", "labels_per_class": "all",
            "draw": 0, "metric": "accuracy", "value": value,
        }
        for method, values in figures.items()
        for seed, value in enumerate(values)
    ]  # fmt: skip
    return Member("d", Path("d"), {"baseline_objective": "simclr"}, None, (), [], rows)


def test_won_lost_and_even() -> None:
    found = member(
        {
            "byol": [0.80, 0.81, 0.79],
            "simclr": [0.81, 0.79, 0.80],
            "random": [0.60, 0.61, 0.59],
            "handcrafted": [0.90, 0.91, 0.892],
            "supervised": [0.70, 0.80, 0.90],
        }
    )
    (answer,) = verdicts(found)
    assert answer.condition == "With all labels"
    pair, byol, simclr = answer.sentences
    assert pair.verdict == "even"
    assert "byol and simclr are not distinguishable" in pair.text
    assert byol.verdict == "lost"
    assert byol.text == (
        "byol lost to handcrafted features (−10.1), shows no clear benefit over supervised training "
        "from scratch (0.0) and beats the random-init encoder (+20.0) (points, n = 3)."
    )
    assert simclr.text.startswith("simclr lost to")
    assert len(all_sentences(found)) == 7
    assert lost_words(found, columns_of(found)[0]) == "byol lost to handcrafted; simclr lost to handcrafted"


def test_one_seed_judges_nothing() -> None:
    (answer,) = verdicts(member({"byol": [0.9], "random": [0.2]}))
    (sentence,) = answer.sentences
    assert sentence.verdict == "open"
    assert "cannot be judged with one seed" in sentence.text


def test_seeds_that_only_one_has_are_no_pair() -> None:
    first = member({"byol": [0.9, 0.8]})
    other = [{**row, "objective": "random", "seed": row["seed"] + 2} for row in first.rows]
    assert verdicts(Member("d", Path("d"), {}, None, (), [], [*first.rows, *other])) == []


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.2, "under 1 s"), (59.6, "60 s"), (600, "10 min"), (7200, "2.0 h")]
)
def test_durations(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_files_of_junk(tmp_path):
    (tmp_path / "metrics.jsonl").write_bytes(b'3\n[1]\n"x"\n{"step": 1}\n\xff\xfe\n{"st')
    assert json_lines(tmp_path / "metrics.jsonl") == [{"step": 1}]
    (tmp_path / "results.csv").write_bytes(b"\xff\xfe\x00junk")
    with pytest.raises(SSLKitError, match="no CSV"):
        csv_rows(tmp_path / "results.csv")
