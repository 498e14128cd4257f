"""Grids and ablations in the report: axes, what is said, and what figures mean."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from sslkit.pages.palette import method_styles
from sslkit.pages.svg import SvgWriter
from sslkit.report.grid import ablation, tables, words
from sslkit.report.grid.section import family_sections
from sslkit.report.grid.variants import families, interval_of, room_for
from sslkit.report.read import Member
from sslkit.report.results import summaries

ALL = summaries.Column("linear", "all")


def member(name, values, figures, kind="grid", few=None):
    """A member with accuracies ``{method: [seed 0, seed 1, …]}``."""
    rows = [
        {"data": name, "objective": method, "seed": seed, "evaluator": "linear", "labels_per_class": labels,
         "draw": 0, "metric": "accuracy", "value": value}
        for labels, some in (("all", figures), ("5", few or {}))
        for method, column in some.items()
        for seed, value in enumerate(column)
    ]  # fmt: skip
    facts = {"variant": {"of": "watch", "kind": kind, "values": values}, "baseline_objective": "simclr"}
    return Member(name, Path(name), facts, None, (), [], rows)


def one_family(*members):
    (family,) = families(members)
    return family


@pytest.mark.parametrize(
    ("values", "places", "scaling"),
    [
        ((32, 64, 128), (32, 64, 128), ""),
        ((32, 128, 512), np.log((32, 128, 512)), "log"),
        ((0, 0.5, 1, 2), (0, 0.5, 1, 2), ""),
        ((0, 0.9, 0.99, 0.996, 1), (0, 1, 2, 3, 4), "evenly spaced"),
        ((1, 1.01, 100), (0, 1, 2), "evenly spaced"),
        ((1, 8), (1, 8), ""),
        ((1, 9), np.log((1, 9)), "log"),
        ((5,), (5,), ""),
    ],
)
def test_where_values_stand(values, places, scaling):
    found, words = tables.Axis("a.b", "b", values).places
    np.testing.assert_allclose(found, places)
    assert words == scaling


def test_pictures_run_along_numbers_and_more_values():
    members = [
        member(f"{a}{b}{c}", {"views": a, "x": b, "y": c}, {"byol": [0.5]})
        for a in ("har", "vibration", "sensor-default") for b in (2, 1) for c in (3, 2, 1)
    ]  # fmt: skip
    axes = tables.axes_of(one_family(*members))
    assert [(axis.name, axis.values) for axis in axes] == [
        ("y", (1, 2, 3)), ("x", (1, 2)), ("views", ("har", "vibration", "sensor-default")),
    ]  # fmt: skip
    panels = tables.panels_of(one_family(*members), axes)
    assert [panel.title for panel in panels][:2] == ["x = 1, views = har", "x = 1, views = vibration"]
    assert [one.name for one in panels[0].members] == ["har11", "har12", "har13"]


def test_the_ends_of_an_axis_are_compared_by_seed():
    figures = {size: [0.5 + size / 1000, 0.6 + 2 * size / 1000, 0.55 + size / 900] for size in (10, 50, 100)}
    members = [
        member(f"{size}{tau}", {"training.batch_size": size, "tau": tau}, {"byol": np.add(figures[size], tau / 100)})
        for size in figures for tau in (1, 2)
    ]  # fmt: skip
    expected = stats.ttest_rel(figures[100], figures[10]).confidence_interval(0.95)
    answers = words.answers(one_family(*members))
    text = next(s["text"] for s in answers[0]["sentences"] if "batch_size 10 to 100" in s["text"])
    mean = 100 * np.mean(np.subtract(figures[100], figures[10]))
    assert f"{mean:+.1f} points" in text
    assert f"{100 * expected.low:+.1f} to {100 * expected.high:+.1f}" in text
    assert "n = 3" in text and "on average over tau" in text


def test_what_is_the_same_run_is_a_band_and_not_compared_with_itself():
    same = [0.4, 0.5, 0.45]
    members = [
        member(str(tau), {"objectives.byol.tau": tau}, {"byol": [tau / 2, tau / 2 + 0.1, tau / 2], "simclr": same})
        for tau in (0.2, 0.9)
    ]  # fmt: skip
    family = one_family(*members)
    (panel,) = tables.panels_of(family, tables.axes_of(family))
    assert tables.never_varies(panel, "simclr", ALL) == dict(enumerate(same))
    assert not tables.never_varies(panel, "byol", ALL)
    assert not any("simclr from tau" in s["text"] for s in words.answers(family)[0]["sentences"])


def test_points_at_which_a_method_wins_and_loses_are_counted():
    def at(tau, byol):
        noise = np.array([0.001, -0.001, 0.0])
        figures = {"byol": byol + noise, "simclr": 0.5 - noise, "random": np.full(3, 0.7)}
        return member(str(tau), {"tau": tau}, figures)

    family = one_family(at(0.1, 0.9), at(0.5, 0.4), at(0.9, 0.3))
    said = [s for s in words.answers(family)[0]["sentences"] if s["text"].startswith("byol beats")]
    assert said[0]["text"] == (
        "byol beats simclr at 1 of 3 points, the random-init encoder at 1 of 3 points; "
        "loses to simclr at 2 of 3 points, the random-init encoder at 2 of 3 points."
    )
    assert said[0]["verdict"] == "lost"


def test_intervals_of_two_seeds_do_not_rule_the_axis():
    low, high, off = room_for([0.7, 0.72], [(0.0, 1.0), (0.1, 1.0)])
    assert 60 < low < 70 and 72 < high < 80 and off
    low, high, off = room_for([0.5, 0.9], [(0.48, 0.52), (0.85, 0.95)])
    assert low < 48 and high > 95 and not off


def test_the_interval_of_a_mean():
    values = [0.7, 0.8, 0.72, 0.75]
    expected = stats.ttest_1samp(values, 0).confidence_interval(0.95)
    assert interval_of(dict(enumerate(values))) == pytest.approx((expected.low, expected.high))
    assert interval_of({0: 0.1, 1: 0.9}) == (0.0, 1.0)
    assert interval_of({0: 0.5}) is None


def ablated(seeds=5):
    """Leaving out ``crop`` costs 10 points, ``blur`` nothing, ``gray`` gains 5 for byol only."""
    random = np.random.default_rng(0)
    whole = {name: 0.8 + 0.05 * random.normal(size=seeds) for name in ("byol", "simclr")}

    def changed(change, name, byol, simclr):
        noise = 0.003 * random.normal(size=(2, seeds))
        shifted = {"byol": whole["byol"] + byol + noise[0], "simclr": whole["simclr"] + simclr + noise[1]}
        return member(f"{change} {name}", {"change": change, "augmentation": name}, shifted, "ablation")

    return whole, [
        member("all", {"change": "all", "augmentation": ""}, whole, "ablation"),
        changed("without", "blur", 0.0, 0.0),
        changed("without", "gray", 0.05, 0.0),
        changed("without", "crop", -0.1, -0.12),
        changed("only", "blur", -0.4, -0.4),
        changed("only", "gray", -0.3, -0.4),
        changed("only", "crop", -0.05, -0.1),
    ]


def test_worth_is_all_without_it_sorted():
    whole, members = ablated()
    (some,) = ablation.effects(one_family(*members))
    assert some.augmentations == ["crop", "blur", "gray"]
    without = summaries.figures(members[3], "byol", ALL)
    difference = whole["byol"] - np.array(list(without.values()))
    found = some.found["without", "byol", "crop"]
    assert found.mean == pytest.approx(difference.mean())
    assert found.interval == pytest.approx(tuple(stats.ttest_1samp(difference, 0).confidence_interval(0.95)))
    assert found.p_corrected == pytest.approx(3 * found.p) or found.p_corrected == pytest.approx(2 * found.p)
    assert some.found["only", "byol", "crop"].mean == pytest.approx(-0.05, abs=0.01)
    (answer,) = ablation.ablation_answers([some])
    texts = [sentence["text"] for sentence in answer["sentences"]]
    assert texts[0].startswith("byol is better with crop (+") and "is better without gray (−" in texts[0]
    assert texts[1].startswith("simclr is better with crop (+")
    even = texts[1].split("shows no clear difference without ")[1]
    assert "blur" in even and "gray" in even


@pytest.mark.parametrize("seeds", [1, 2, 5])
def test_sections_are_drawn_with_any_number_of_seeds(seeds):
    members = ablated(seeds)[1]
    styles = method_styles(["byol", "simclr"])
    (section,) = family_sections(members, {one.name: "x" for one in members}, styles, SvgWriter())
    assert len(section["charts"]) == 2 and len(section["tables"]) == 1
    assert all(chart["svg"].startswith("<svg") for chart in section["charts"])
    assert f"n = {seeds}" in section["charts"][0]["subtitle"]


def test_unfinished_families_are_drawn_as_far_as_they_are():
    styles = method_styles(["byol", "simclr"])
    empty = [member(str(k), {"x": k}, {}) for k in (1, 2)]
    (section,) = family_sections(empty, {"1": "a", "2": "b"}, styles, SvgWriter())
    assert section["charts"] == [] and section["tables"] == []
    half = [member("1", {"x": 1}, {"byol": [0.5]}), member("2", {"x": 2}, {})]
    (section,) = family_sections(half, {"1": "a", "2": "b"}, styles, SvgWriter())
    assert len(section["charts"]) == 1
    only_all = ablated()[1][:1]
    (section,) = family_sections(only_all, {"all": "a"}, styles, SvgWriter())
    assert section["charts"] == []


def test_words_make_a_dot_plot():
    members = [
        member(view, {"views": view}, {"byol": [0.5, 0.6], "random": [0.3, 0.3]}) for view in ("har", "none")
    ]
    styles = method_styles(["byol", "random"])
    (section,) = family_sections(members, {"har": "a", "none": "b"}, styles, SvgWriter())
    picture = str(section["charts"][0]["svg"])
    assert ">har<" in picture and ">views<" in picture and "accuracy by views" in picture
