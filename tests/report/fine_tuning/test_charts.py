"""Charts of fine-tuning: a line for the probe, each policy and training from scratch."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sslkit.pages.palette import method_styles
from sslkit.pages.svg import SvgWriter
from sslkit.report.fine_tuning.charts import line_figures, line_styles, policy_charts
from tests.pages.carried import carried_rows
from tests.report.fine_tuning.tuned_member import PROBE, tuned_figures, tuned_member


def test_lines_and_their_styles() -> None:
    member = tuned_member({("a", "all"): 0.05, ("b", "all"): 0.0})
    styles = method_styles(member.methods)
    lines = line_styles(member, styles)
    assert list(lines) == ["linear probe", "a", "b", "from scratch"]
    assert lines["from scratch"] == styles["supervised"]
    assert len(set(lines.values())) == 4
    without = replace(member, rows=[row for row in member.rows if row["objective"] != "supervised"])
    assert list(line_styles(without, styles)) == ["linear probe", "a", "b"]


def test_figures_of_each_line() -> None:
    member = tuned_member({("a", "all"): 0.05})
    assert line_figures(member, "byol", "linear probe", "all") == dict(enumerate(PROBE))
    assert line_figures(member, "byol", "a", "all") == pytest.approx(
        dict(enumerate(tuned_figures("a", 0.05)))
    )
    assert line_figures(member, "byol", "from scratch", "all") == pytest.approx(dict(enumerate(PROBE - 0.1)))
    assert line_figures(member, "byol", "a", "5") == {}


def test_a_chart_for_each_method_carries_its_lines() -> None:
    member = tuned_member({("a", "all"): 0.05, ("a", "5"): 0.01})
    (chart,) = policy_charts(member, line_styles(member, method_styles(member.methods)), SvgWriter())
    assert chart.title == "byol"
    rows = carried_rows(chart.svg)
    assert [(row["method"], row["labels_per_class"]) for row in rows] == [
        (line, labels) for line in ("linear probe", "a", "from scratch") for labels in ("5", "all")
    ]
    values = tuned_figures("a", 0.01)
    assert float(rows[2]["mean_percent"]) == pytest.approx(100 * values.mean(), rel=1e-5)
    assert float(rows[2]["sd_percent"]) == pytest.approx(100 * values.std(ddof=1), rel=1e-5)
