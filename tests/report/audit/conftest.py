"""A folder of a comparison whose runs left predictions, and whose guards found copies."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sslkit.report.members import Member
from sslkit.report.read import read_comparison
from tests.report.audit.predictions import write_predictions

FINDING = {
    "guard": "copies",
    "text": "3 of 600 samples | are <b>copies</b>.",
    "leak": False,
    "examples": [["test", 7, "training", 9]],
}


@pytest.fixture
def audited(one_data_set: Path) -> Path:
    for path in sorted((one_data_set / "clothes").glob("*-seed*")):
        write_predictions(path)
    path = one_data_set / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["members"]["clothes"]["guards"] = {"checked": ["copies"], "findings": [FINDING]}
    manifest["members"]["clothes"]["groups"] = {"5": "Mr <b> Jones"}
    path.write_text(json.dumps(manifest), encoding="utf-8")
    return one_data_set


@pytest.fixture
def member(audited: Path) -> Member:
    (member,) = read_comparison(audited).members
    return member
