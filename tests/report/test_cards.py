"""The cards beside the report: what is known, what the user must add, and what they wrote."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from sslkit.report.cards import markdown_line, write_cards
from sslkit.report.read import read_comparison
from tests.report.audit.conftest import audited

__all__ = ["audited"]


def written(folder: Path) -> tuple[str, str]:
    write_cards(read_comparison(folder))
    data, model = ((folder / name).read_text(encoding="utf-8") for name in ("data_card.md", "model_card.md"))
    return data, model


def test_facts_findings_and_questions(audited: Path) -> None:
    data, model = written(audited)
    assert "- **Found:** 3 of 600 samples \\| are &lt;b>copies&lt;/b>." in data
    assert "| dress |" in model and "| Mr &lt;b> Jones | 0.0 |" in model
    for card in (data, model):
        asked = card.count("**To be filled in by you:**")
        assert asked == card.count("<!-- yours:") == card.count("<!-- end -->") > 0


def test_figures_of_every_method(audited: Path) -> None:
    (member,) = read_comparison(audited).members
    _, model = written(audited)
    rows = [line.split(" | ") for line in model.splitlines() if line.startswith("| byol ")]
    values = list(member.figures["byol", "linear", "all"].values())
    assert rows[0][1].startswith(f"{100 * sum(values) / 3:.1f} ± ") and rows[0][1].endswith("(n = 3)")
    assert "- Budget of every objective: 640 steps of 256 samples (40 epochs)" in model


def test_classes_of_each_part(one_data_set: Path) -> None:
    path = one_data_set / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    counts = {
        part: {"classes": [n] * 10, "groups": n}
        for part, n in (("train", 40), ("validation", 5), ("test", 15))
    }
    manifest["members"]["clothes"]["composition"] = counts
    path.write_text(json.dumps(manifest), encoding="utf-8")
    data, _ = written(one_data_set)
    assert "| trouser | 40 | 5 | 15 |" in data
    assert "40 in training, 5 in validation, 15 in test" in data
    assert "Nobody looked." in data


def test_what_the_user_wrote_is_kept(audited: Path) -> None:
    written(audited)
    path = audited / "model_card.md"
    text = path.read_text(encoding="utf-8")
    asked = re.search(r"(<!-- yours: clothes intended use -->\n)(.*?)(<!-- end -->)", text, re.S)
    assert asked is not None
    own = "Sorting returns.\n\nNot for sizes \\1.\n"
    path.write_text(
        text.replace(asked[2], own, 1).replace("Model card", "Edited heading", 1), encoding="utf-8"
    )
    _, text = written(audited)
    assert f"{asked[1]}{own}<!-- end -->" in text
    assert "Edited heading" not in text
    assert text.count("**To be filled in by you:**") == 1  # ethics


def test_runs_without_predictions_are_said(one_data_set: Path) -> None:
    assert "No run left predictions to look into." in written(one_data_set)[1]


def test_without_a_manifest_the_cards_are_written_all_the_same(one_data_set: Path) -> None:
    (one_data_set / "manifest.json").unlink()
    data, model = written(one_data_set)
    assert data.lstrip().startswith("# Data card: ")
    assert "- Trained: ? to not finished" in model


@pytest.mark.parametrize(("text", "line"), [("a|b", "a\\|b"), ("<i>\n x", "&lt;i> x"), (3, "3")])
def test_text_that_cannot_break_a_table(text: object, line: str) -> None:
    assert markdown_line(text) == line
