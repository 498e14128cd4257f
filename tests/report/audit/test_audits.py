"""Audits of saved predictions with a known answer."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sslkit.files import write_npz
from sslkit.report.audit.audits import audits_of, best_audit
from sslkit.report.members import Member
from sslkit.report.read import read_comparison
from tests.report.audit.predictions import SURE


def test_known_shares_confusion_and_calibration(member: Member) -> None:
    found = next(item for item in audits_of(member) if item.method == "byol")
    assert (found.seeds, found.evaluator, found.labels_per_class) == (3, "linear", "all")
    assert {item.key: item.share for item in found.groups}[5] == 0
    assert min(found.classes, key=lambda item: item.share).key == 3
    assert {item.key: item.count for item in found.classes} == dict.fromkeys(range(10), 60)
    assert found.confusion.sum() == pytest.approx(600)
    assert np.trace(found.confusion) == pytest.approx(600 * found.overall.share)
    assert found.calibration_error == pytest.approx(abs(SURE - found.overall.share), abs=1e-6)
    wrong = (1 - (1 - SURE) / 9) ** 2 + SURE**2 + 8 * ((1 - SURE) / 9) ** 2
    right = (1 - SURE) ** 2 + 9 * ((1 - SURE) / 9) ** 2
    share = found.overall.share
    assert found.brier == pytest.approx(share * right + (1 - share) * wrong, abs=1e-6)


def test_damaged_predictions_and_those_of_other_samples_are_left_out(audited: Path) -> None:
    folders = sorted((audited / "clothes").glob("byol-seed*"))
    path = folders[0] / "predictions.npz"
    path.write_bytes(path.read_bytes()[:100])
    with np.load(folders[2] / "predictions.npz") as arrays:
        write_npz(folders[2] / "predictions.npz", {**arrays, "labels": arrays["labels"][::-1].copy()})
    (member,) = read_comparison(audited).members
    assert next(item for item in audits_of(member) if item.method == "byol").seeds == 1


def test_without_predictions_there_is_no_audit(one_data_set: Path) -> None:
    (member,) = read_comparison(one_data_set).members
    assert audits_of(member) == []


def test_the_best_is_right_most_often(member: Member, audited: Path) -> None:
    labels = np.arange(600) % 10
    for folder in (audited / "clothes").glob("random-seed*"):
        perfect = {"scores": np.eye(10)[labels], "labels": labels}
        write_npz(
            folder / "predictions.npz",
            {**perfect, "evaluator": np.array("linear"), "labels_per_class": np.array("all")},
        )
    found = audits_of(member)
    assert best_audit(found).method == "random" and best_audit(found).overall.share == 1
    assert best_audit(found).groups == []
