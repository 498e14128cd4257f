"""The audit on the page and the cards, from predictions with a known answer."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest

from sslkit.files import write_npz
from sslkit.report import write_report
from sslkit.report.audit.section import audits
from sslkit.report.read import read_comparison


def write_predictions(folder: Path, seed: int, weak_class: int = 3, weak_group: int = 5) -> None:
    """Right always, but never in one group, and half the time in one class."""
    labels, groups = np.arange(600) % 10, np.arange(600) // 10 % 6
    answers = labels.copy()
    answers[(labels == weak_class) & (np.arange(600) % 20 < 10)] = 6
    answers[groups == weak_group] = (labels[groups == weak_group] + 1) % 10
    scores = np.full((600, 10), 0.02, np.float32)
    scores[np.arange(600), answers] = 0.82
    arrays = {"scores": scores, "labels": labels, "groups": groups, "evaluator": np.array("linear")}
    write_npz(folder / "predictions.npz", {**arrays, "labels_per_class": np.array("all")})


@pytest.fixture
def audited(single: Path) -> Path:
    for path in sorted((single / "clothes").glob("*-seed*")):
        write_predictions(path, int(path.name[-1]))
    manifest = json.loads((single / "manifest.json").read_text())
    finding = {
        "guard": "copies",
        "text": "3 of 600 samples | are <b>copies</b>.",
        "leak": False,
        "examples": [["test", 7, "training", 9]],
    }
    manifest["members"]["clothes"]["guards"] = {"checked": ["copies"], "findings": [finding]}
    manifest["members"]["clothes"]["groups"] = {"5": "Mr <b> Jones"}
    (single / "manifest.json").write_text(json.dumps(manifest))
    return single


def test_worst_class_and_group(audited: Path) -> None:
    (member,) = read_comparison(audited).members
    found = next(item for item in audits(member) if item.method == "byol")
    assert found.seeds == 3
    assert [item.key for item in found.groups] == list(range(6))
    shares = {item.key: item.share for item in found.groups}
    assert shares[5] == 0
    assert min(found.classes, key=lambda item: item.share).key == 3
    assert found.confusion.sum() == pytest.approx(600)
    right = found.overall.share
    assert found.calibration_error == pytest.approx(abs(0.82 - right), abs=1e-6)


def test_the_page_says_it(audited: Path) -> None:
    write_report(audited)
    page = (audited / "report.html").read_text()
    assert "Audit: for whom, and how surely?" in page
    assert "its worst class is “dress”" in page and "its worst group is Mr &lt;b&gt; Jones with 0.0 %" in page
    assert (
        "3 of 600 samples | are &lt;b&gt;copies&lt;/b&gt;. Rows of the source, e.g. test 7 = training 9."
        in page
    )
    for title in ("By class", "By group", "Confusion", "Reliability"):
        assert re.search(rf"<figcaption>{title} <small>", page)


def test_a_run_without_predictions_has_no_audit(single: Path) -> None:
    write_report(single)
    assert "Audit: for whom" not in (single / "report.html").read_text()
    assert "No run left predictions to look into." in (single / "model_card.md").read_text()


def test_damaged_predictions_are_left_out(audited: Path) -> None:
    path = next((audited / "clothes").glob("byol-seed0")) / "predictions.npz"
    path.write_bytes(path.read_bytes()[:100])
    (member,) = read_comparison(audited).members
    assert next(item for item in audits(member) if item.method == "byol").seeds == 2


def test_cards(audited: Path) -> None:
    write_report(audited)
    data, model = ((audited / name).read_text() for name in ("data_card.md", "model_card.md"))
    assert "- **Found:** 3 of 600 samples \\| are &lt;b>copies&lt;/b>." in data
    assert "| dress |" in model and "| Mr &lt;b> Jones | 0.0 |" in model
    for card in (data, model):
        assert (
            card.count("**To be filled in by you:**")
            == card.count("<!-- yours:")
            == card.count("<!-- end -->")
            > 0
        )


def test_what_the_user_wrote_is_kept(audited: Path) -> None:
    write_report(audited)
    path = audited / "model_card.md"
    asked = re.search(r"(<!-- yours: clothes intended use -->\n)(.*?)(<!-- end -->)", path.read_text(), re.S)
    assert asked is not None
    own = "Sorting returns.\n\nNot for sizes \\1.\n"
    path.write_text(path.read_text().replace(asked[2], own, 1).replace("Model card", "Edited heading", 1))
    write_report(audited)
    text = path.read_text()
    assert f"{asked[1]}{own}<!-- end -->" in text
    assert "Edited heading" not in text
    assert text.count("**To be filled in by you:**") == 1  # ethics
