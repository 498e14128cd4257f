"""The audit's charts: what they carry and say."""

from __future__ import annotations

import re

import numpy as np
import pytest

from sslkit.pages.palette import method_styles
from sslkit.pages.svg import SvgWriter
from sslkit.report.audit.charts import FAINTEST, draw_confusion, draw_reliability, draw_subgroups
from sslkit.statistics.audit.breakdown import Subgroup
from sslkit.statistics.audit.calibration import ReliabilityBins
from tests.pages.carried import carried_rows, svg_texts

STYLES = method_styles(["byol", "random"])


def subgroup(key: int, share: float) -> Subgroup:
    return Subgroup(key, share, 40, (share - 0.05, share + 0.05), "samples")


def test_subgroups_stand_in_the_order_of_their_names() -> None:
    methods = {"byol": [subgroup(0, 0.8), subgroup(1, 0.9), subgroup(2, 0.7)], "random": [subgroup(1, 0.6)]}
    picture = draw_subgroups(methods, {1: "cat", 0: "a name of more than sixteen"}, STYLES, SvgWriter())
    names = [text for text in svg_texts(picture) if not re.fullmatch(r"[\d.]+", text)]
    assert names == ["right, %", "cat", "a name of more …"]
    rows = carried_rows(picture)
    assert [(row["method"], row["of"], row["right_percent"]) for row in rows] == [
        ("byol", "a name of more than sixteen", "80"), ("byol", "cat", "90"), ("random", "cat", "60"),
    ]  # fmt: skip
    assert (rows[0]["low"], rows[0]["high"], rows[0]["samples"]) == ("75", "85", "40")


@pytest.mark.parametrize(("share", "start"), [(0.3, 0), (0.96, 90)])
def test_the_axis_of_shares_begins_where_it_shows_most(share: float, start: int) -> None:
    picture = draw_subgroups({"byol": [subgroup(0, share)]}, {0: "cat"}, STYLES, SvgWriter())
    ticks = [float(text) for text in svg_texts(picture) if re.fullmatch(r"[\d.]+", text)]
    assert min(ticks) == start


def test_confusion_in_shares_of_the_true_class() -> None:
    table = np.array([[8.0, 2.0, 0.0], [0.0, 1000.0, 1000 * FAINTEST / 2], [0.0, 0.0, 0.0]])
    picture = draw_confusion(table, ["cat", "dog"], STYLES["byol"], SvgWriter())
    shares = [text for text in svg_texts(picture) if text.isdigit()]
    assert sorted(shares) == sorted(["80", "20", "100", "2", "2"])  # class 2 has no name: on both axes
    rows = carried_rows(picture)
    assert len(rows) == 9
    assert rows[1] == {"true_class": "cat", "answered": "dog", "samples": "2", "share_percent": "20"}
    assert rows[8] == {"true_class": "2", "answered": "2", "samples": "0", "share_percent": "0"}


def test_many_classes_have_no_numbers_in_their_fields() -> None:
    picture = draw_confusion(np.eye(13), [f"c{i}" for i in range(13)], STYLES["byol"], SvgWriter())
    assert "100" not in svg_texts(picture)


def test_reliability_bins_with_their_sizes() -> None:
    bins = ReliabilityBins(np.array([0.5, 0.9]), np.array([0.4, 0.95]), np.array([10, 30]))
    picture = draw_reliability({"byol": bins}, STYLES, SvgWriter())
    assert carried_rows(picture) == [
        {"method": "byol", "confidence_percent": "50", "right_percent": "40", "samples": "10"},
        {"method": "byol", "confidence_percent": "90", "right_percent": "95", "samples": "30"},
    ]
    assert {"confidence, %", "right, %"} <= set(svg_texts(picture))
