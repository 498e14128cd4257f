"""Sections of grids and ablations, as far as their runs are."""

from __future__ import annotations

import pytest

from sslkit.pages.palette import method_styles
from sslkit.pages.svg import SvgWriter
from sslkit.report.grid.section import CUT, variant_sections
from tests.report.fake_member import fake_member
from tests.report.grid.variant_members import ablated, variant

STYLES = method_styles(["byol", "simclr", "random"])


@pytest.mark.parametrize("seeds", [1, 2, 5])
def test_sections_are_drawn_with_any_number_of_seeds(seeds: int) -> None:
    members = ablated(seeds)[1]
    (section,) = variant_sections(members, {one.name: "x" for one in members}, STYLES, SvgWriter())
    assert len(section["charts"]) == 2 and len(section["tables"]) == 1
    assert all(chart.svg.startswith("<svg") for chart in section["charts"])
    assert f"n = {seeds}" in section["charts"][0].subtitle
    assert (section["title"], section["anchor"]) == ("What is each augmentation worth?", "ablation-1")


def test_unfinished_variants_are_drawn_as_far_as_they_are() -> None:
    empty = [variant(str(k), {"x": k}, {}) for k in (1, 2)]
    (section,) = variant_sections(empty, {"1": "a", "2": "b"}, STYLES, SvgWriter())
    assert section["charts"] == [] and section["tables"] == []
    half = [variant("1", {"x": 1}, {"byol": [0.5]}), variant("2", {"x": 2}, {})]
    (section,) = variant_sections(half, {"1": "a", "2": "b"}, STYLES, SvgWriter())
    assert len(section["charts"]) == 1
    only_all = ablated()[1][:1]
    (section,) = variant_sections(only_all, {"all": "a"}, STYLES, SvgWriter())
    assert section["charts"] == []


def test_a_grid_has_charts_and_tables_for_all_and_few_labels_and_leads_to_its_members() -> None:
    members = [
        variant(str(x), {"x": x}, {"byol": [0.5, 0.52], "random": [0.2, 0.22]}, few={"byol": [0.3, 0.8]})
        for x in (1, 2)
    ]
    (section,) = variant_sections(members, {"1": "first", "2": "second"}, STYLES, SvgWriter())
    assert section["title"] == "Accuracy against x"
    assert [chart.title for chart in section["charts"]] == ["With all labels", "With 5 labels per class"]
    assert [table["condition"] for table in section["tables"]] == [chart.title for chart in section["charts"]]
    assert [member["anchor"] for member in section["members"]] == ["first", "second"]
    assert section["cut"] == CUT  # two seeds' interval
    assert section["name"] == ""
    assert "<svg" in section["tables"][0]["rows"][0]["swatch"]


def test_sections_of_two_bases_are_named_and_data_sets_have_none() -> None:
    other = variant("o", {"x": 1}, {"byol": [0.5]})
    other.facts["variant"]["of"] = "words"
    members = [variant("1", {"x": 1}, {"byol": [0.5]}), other, fake_member({"byol": [0.5]})]
    sections = variant_sections(members, {"1": "a", "o": "b"}, STYLES, SvgWriter())
    assert [(section["name"], section["anchor"]) for section in sections] == [
        ("watch", "grid-1"), ("words", "grid-2"),
    ]  # fmt: skip
