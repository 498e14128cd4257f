"""Dot plots of an ablation."""

from __future__ import annotations

import re

import pytest

from sslkit.pages.palette import method_styles
from sslkit.pages.svg import SvgWriter
from sslkit.report.grid.ablation import ablation_effects
from sslkit.report.grid.ablation_charts import ablation_charts, draw_effects
from tests.pages.carried import carried_rows, svg_texts
from tests.report.grid.variant_members import ablated, one_set

STYLES = method_styles(["byol", "simclr"])


@pytest.mark.parametrize("seeds", [1, 2, 5])
def test_worth_and_alone_with_any_number_of_seeds(seeds: int) -> None:
    (effects,) = ablation_effects(one_set(*ablated(seeds)[1]))
    (worth, alone), _ = ablation_charts(effects, STYLES, SvgWriter())
    assert (worth.title, alone.title) == ("What each augmentation is worth", "Each augmentation alone")
    assert worth.subtitle == f"with all labels, n = {seeds}"
    rows = carried_rows(worth.svg)
    assert {row["change"] for row in rows} == {"worth"} and len(rows) == 6


def test_augmentations_stand_in_order_and_sure_dots_are_filled() -> None:
    (effects,) = ablation_effects(one_set(*ablated()[1]))
    picture, off = draw_effects(effects, "without", STYLES, SvgWriter())
    assert [text for text in svg_texts(picture) if text in effects.augmentations] == ["crop", "blur", "gray"]
    assert not off
    hollow = [item for key, item in effects.found.items() if key[0] == "without" and item.outcome == "even"]
    dots = re.findall(r'<use [^>]*style="fill: (var\(--\w+\))', picture)
    assert dots.count("var(--card)") == len(hollow) == 3
