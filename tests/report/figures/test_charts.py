"""Curves of figures against labels."""

from __future__ import annotations

import pytest

from sslkit.pages.palette import method_styles
from sslkit.pages.svg import SvgWriter
from sslkit.report.figures.charts import CurvePoint, draw_label_curves
from tests.pages.carried import carried_rows, svg_texts

STYLES = method_styles(["byol", "random"])
SERIES = {
    "byol": [CurvePoint("5", 0.6, 0.02), CurvePoint("10%", 0.7, None)],
    "random": [CurvePoint("10%", 0.5, 0.01)],
}


def test_budgets_in_order_metric_and_numbers() -> None:
    picture = draw_label_curves(SERIES, ["5", "10%"], STYLES, "accuracy", SvgWriter())
    texts = svg_texts(picture)
    assert texts[:2] == ["5", "10\u00a0%"]
    assert "labels per class, or share of them" in texts and "accuracy, %" in texts
    assert carried_rows(picture) == [
        {"method": "byol", "labels_per_class": "5", "mean_percent": "60", "sd_percent": "2"},
        {"method": "byol", "labels_per_class": "10%", "mean_percent": "70", "sd_percent": ""},
        {"method": "random", "labels_per_class": "10%", "mean_percent": "50", "sd_percent": "1"},
    ]
    assert "var(--m0)" in picture and "var(--m5)" in picture


def test_numbers_alone_are_no_shares() -> None:
    series = {"byol": [CurvePoint("5", 0.6, 0.02)]}
    assert "labels per class" in svg_texts(draw_label_curves(series, ["5"], STYLES, "x", SvgWriter()))


@pytest.mark.parametrize("limits", [(0.0, 100.0), (40.0, 80.0)])
def test_limits_that_several_charts_share(limits: tuple[float, float]) -> None:
    picture = draw_label_curves(SERIES, ["5", "10%"], STYLES, "accuracy", SvgWriter(), limits)
    ticks = [float(text) for text in svg_texts(picture) if text.isdigit() and text != "5"]
    assert min(ticks) == limits[0] and max(ticks) == limits[1]
