"""Colours of methods and classes: all different, and each turned into the page's own."""

from __future__ import annotations

import re
from itertools import combinations

import pytest

from sslkit.pages.palette import (
    CARD,
    INK,
    VARIABLES,
    class_styles,
    legend_entries,
    method_styles,
    page_colour,
    swatch,
)

CSS_VARIABLE = re.compile(r"var\(--\w+\)")


def test_methods_are_told_apart_by_colour_and_by_shape() -> None:
    styles = method_styles(["a", "b", "c", "d", "e", "random", "handcrafted", "supervised"])
    assert len({style.colour for style in styles.values()}) == 8
    assert len({(style.marker, style.line) for style in styles.values()}) == 8


def test_baselines_look_the_same_whatever_else_there_is() -> None:
    few, many = method_styles(["random"]), method_styles(["x", "y", "random", "supervised"])
    assert few["random"] == many["random"] and few["supervised"] == many["supervised"]


def test_ten_objectives_repeat_colours_but_no_style() -> None:
    styles = method_styles([str(number) for number in range(10)])
    own = [styles[str(number)] for number in range(10)]
    assert len({style.colour for style in own}) == 5
    assert all(one != other for one, other in combinations(own, 2))


def test_classes_are_told_apart_up_to_64() -> None:
    assert len(set(class_styles(64))) == 64
    first, second = class_styles(2)
    assert first.colour != second.colour and first.marker != second.marker


@pytest.mark.parametrize(
    "colour", [INK, CARD, *(style.colour for style in class_styles(8)), "#000000", "#0072B2"]
)
def test_drawn_colours_become_the_pages(colour: str) -> None:
    assert CSS_VARIABLE.fullmatch(page_colour(colour))


def test_other_colours_stay() -> None:
    assert page_colour("#123456") == "#123456"
    assert len(set(VARIABLES)) == len(VARIABLES)


def test_swatches_show_marker_and_line_in_the_pages_colour() -> None:
    styles = method_styles(["byol", "random"])
    byol, random = swatch(styles["byol"]), swatch(styles["random"])
    assert byol.count("<circle") == 1 and 'stroke-dasharray="none"' in byol and "var(--m0)" in byol
    assert 'stroke-dasharray="1.5 2.5"' in random and "var(--m5)" in random
    assert "stroke" not in swatch(class_styles(1)[0])


def test_a_legend_of_all_or_some() -> None:
    styles = method_styles(["a", "b"])
    assert [entry["name"] for entry in legend_entries(styles, ["b", "a"])] == ["b", "a"]
    assert [entry["name"] for entry in legend_entries({"x": styles["a"]})] == ["x"]
    assert legend_entries(styles, ["a"])[0]["swatch"] == swatch(styles["a"])
