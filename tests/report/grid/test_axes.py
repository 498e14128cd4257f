"""A grid's axes: which charts run along, where values stand, and what each panel holds."""

from __future__ import annotations

import numpy as np
import pytest

from sslkit.report.grid.axes import GridAxis, grid_axes, grid_panels
from tests.report.grid.variant_members import ALL, one_set, variant


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
def test_where_values_stand(values, places, scaling) -> None:
    found, words = GridAxis("a.b", "b", values).places
    np.testing.assert_allclose(found, places)
    assert words == scaling


def test_charts_run_along_numbers_and_more_values() -> None:
    members = [
        variant(f"{a}{b}{c}", {"views": a, "x": b, "y": c}, {"byol": [0.5]})
        for a in ("har", "vibration", "sensor-default") for b in (2, 1) for c in (3, 2, 1)
    ]  # fmt: skip
    axes = grid_axes(one_set(*members))
    assert [(axis.name, axis.values) for axis in axes] == [
        ("y", (1, 2, 3)), ("x", (1, 2)), ("views", ("har", "vibration", "sensor-default")),
    ]  # fmt: skip
    panels = grid_panels(one_set(*members), axes)
    assert [panel.title for panel in panels][:2] == ["x = 1, views = har", "x = 1, views = vibration"]
    assert [member.name for member in panels[0].members if member] == ["har11", "har12", "har13"]


def test_truth_values_are_words_and_settings_of_one_name_keep_their_path() -> None:
    members = [
        variant(f"{a}{b}", {"a.x": a, "b.x": b}, {"byol": [0.5]}) for a in (True, False) for b in (1, 2, 3)
    ]
    first, second = grid_axes(one_set(*members))
    assert (first.name, first.numeric, second.name, second.numeric) == ("b.x", True, "a.x", False)
    assert second.values == (True, False)  # in the order of the config


def test_a_point_that_is_not_there_is_left_open() -> None:
    grid = one_set(*(variant(f"{a}{b}", {"a": a, "b": b}, {}) for a, b in ((1, 1), (2, 1), (2, 2))))
    panels = grid_panels(grid, grid_axes(grid))
    assert [[m.name if m else None for m in panel.members] for panel in panels] == [
        ["11", "21"],
        [None, "22"],
    ]


def test_what_is_the_same_run_everywhere_is_constant() -> None:
    same = [0.4, 0.5]
    members = [variant(str(tau), {"tau": tau}, {"byol": [tau, tau], "simclr": same}) for tau in (0.2, 0.9)]
    grid = one_set(*members)
    (panel,) = grid_panels(grid, grid_axes(grid))
    assert panel.constant_figures("simclr", ALL) == {0: 0.4, 1: 0.5}
    assert panel.constant_figures("byol", ALL) == {}
    assert panel.figures("byol", ALL) == [{0: 0.2, 1: 0.2}, {0: 0.9, 1: 0.9}]
    alone = one_set(members[0])
    (panel,) = grid_panels(alone, grid_axes(alone))
    assert panel.constant_figures("simclr", ALL) == {}  # of one point nothing is said
