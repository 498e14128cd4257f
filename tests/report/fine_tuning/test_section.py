"""The table of fine-tuning policies on the page and the terminal."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sslkit.pages.palette import method_styles
from sslkit.pages.svg import SvgWriter
from sslkit.report.fine_tuning.section import fine_tuning_section, policy_table
from tests.pages.carried import carried_rows
from tests.report.fine_tuning.tuned_member import PROBE, tuned_figures, tuned_member


def test_the_section_has_every_policy_and_training_from_scratch() -> None:
    member = tuned_member({("a", "all"): 0.05, ("a", "10%"): 0.0})
    section = fine_tuning_section(member, method_styles(member.methods), SvgWriter())
    named = [row["name"] for row in section["rows"] if "name" in row]
    assert named == ["linear probe", "a", "from scratch"]
    assert [row["heading"] for row in section["rows"] if "heading" in row] == ["byol", "no pre-training"]
    assert section["titles"] == ["10\u00a0% of labels", "all labels"]
    cells = next(row for row in section["rows"] if row.get("name") == "a")["cells"]
    assert cells[1][0].text == f"{100 * tuned_figures('a', 0.05).mean():.1f}"
    assert {other: cell.text for other, cell in cells[1][1].items()} == {"probe": "+5.0", "scratch": "+15.0"}
    assert all(cell.sure for cell in cells[1][1].values()) and not cells[0][1]["probe"].sure
    assert len(section["charts"]) == 1 and "<svg" in section["charts"][0].svg
    assert [entry["name"] for entry in section["legend"]] == named
    assert "then that from training from scratch" in section["note"]


def test_a_variants_section_is_not_drawn() -> None:
    member = tuned_member({("a", "all"): 0.05})
    assert (
        fine_tuning_section(member, method_styles(member.methods), SvgWriter(), drawn=False)["charts"] == []
    )


def test_the_csv_says_what_differences_are_from() -> None:
    member = tuned_member({("a", "all"): 0.05})
    section = fine_tuning_section(member, method_styles(member.methods), SvgWriter())
    (row,) = carried_rows(section["download"])
    difference = tuned_figures("a", 0.05) - PROBE
    assert (row["method"], row["updated"], row["seeds"]) == ("byol", "a", "5")
    assert float(row["points_from_probe"]) == pytest.approx(100 * difference.mean(), rel=1e-5)
    assert float(row["points_from_scratch"]) == pytest.approx(100 * difference.mean() + 10, rel=1e-5)
    assert float(row["low_from_probe"]) < float(row["points_from_probe"]) < float(row["high_from_probe"])


def test_the_terminals_table() -> None:
    ((method, policy, cells),) = policy_table(tuned_member({("a", "all"): 0.05, ("a", "5"): 0.0}))
    assert (method, policy) == ("byol", "a")
    assert [(title, cell.text, cell.n) for title, cell in cells] == [
        ("5 / class", f"{100 * tuned_figures('a', 0.0).mean():.1f}", 5),
        ("all labels", f"{100 * tuned_figures('a', 0.05).mean():.1f}", 5),
    ]


def test_without_fine_tuning_there_is_no_section() -> None:
    member = tuned_member({("a", "all"): 0.05})
    plain = replace(member, facts={}, rows=[row for row in member.rows if row["evaluator"] != "a"])
    assert fine_tuning_section(plain, {}, SvgWriter()) == {}
    assert policy_table(plain) == []
