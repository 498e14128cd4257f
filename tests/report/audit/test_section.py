"""The audit on the page, from predictions with a known answer."""

from __future__ import annotations

import re
from pathlib import Path

from sslkit.pages.palette import method_styles
from sslkit.pages.svg import SvgWriter
from sslkit.report import write_report
from sslkit.report.audit.section import audit_section
from sslkit.report.members import Member
from tests.pages.carried import carried_rows
from tests.report.fake_member import fake_member


def test_the_page_says_it(audited: Path) -> None:
    page = write_report(audited).read_text(encoding="utf-8")
    assert "Audit: for whom, and how surely?" in page
    assert "its worst class is “dress”" in page and "its worst group is Mr &lt;b&gt; Jones with 0.0 %" in page
    finding = (
        "3 of 600 samples | are &lt;b&gt;copies&lt;/b&gt;. Rows of the source, e.g. test 7 = training 9."
    )
    assert finding in page
    for title in ("By class", "By group", "Confusion", "Reliability"):
        assert re.search(rf"<figcaption>{title} <small>", page)


def test_rows_and_csv_of_every_method(member: Member) -> None:
    section = audit_section(member, method_styles(member.methods), SvgWriter())
    assert [row["name"] for row in section["rows"]] == member.methods
    assert [row["first_baseline"] for row in section["rows"]] == [False, False, True, False, False]
    row = section["rows"][0]
    assert (
        row["worst_class"]["text"].startswith("“dress” ") and row["worst_group"]["text"] == "Mr <b> Jones 0.0"
    )
    assert row["worst_group"]["range"].endswith("n = 100") and row["n"] == 3
    rows = carried_rows(section["download"])
    assert len(rows) == len(member.methods) * (1 + 10 + 6)
    assert (rows[0]["by"], rows[0]["samples"]) == ("all", "600")
    assert f"{float(rows[0]['ece_percent']):.1f}" == row["calibration_error"]
    assert f"{float(rows[0]['brier']):.3f}" == row["brier"]


def test_charts_show_objectives_and_the_best_baseline(member: Member) -> None:
    section = audit_section(member, method_styles(member.methods), SvgWriter())
    assert [entry["name"] for entry in section["legend"]] == ["byol", "simclr", "random"]
    assert [(chart.title, chart.tall) for chart in section["charts"]] == [
        ("By class", False), ("By group", False), ("Confusion", True), ("Reliability", False),
    ]  # fmt: skip
    assert audit_section(member, method_styles(member.methods), SvgWriter(), drawn=False)["charts"] == []


def test_of_many_groups_the_worst_are_drawn(member: Member, monkeypatch) -> None:
    monkeypatch.setattr("sslkit.report.audit.section.MOST_GROUPS", 2)
    section = audit_section(member, method_styles(member.methods), SvgWriter())
    chart = section["charts"][1]
    assert chart.title == "The 2 worst groups"
    assert "Mr <b> Jones" in {row["of"] for row in carried_rows(chart.svg)}
    assert len({row["of"] for row in carried_rows(chart.svg)}) == 2


def test_a_member_without_predictions_has_no_audit() -> None:
    section = audit_section(fake_member({"byol": [0.5]}), method_styles(["byol"]), SvgWriter())
    assert section["rows"] == [] and section["charts"] == [] and section["sentences"] == []
