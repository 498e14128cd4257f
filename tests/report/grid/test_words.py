"""What a grid says: the ends of an axis paired by seed, and points won and lost."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from sslkit.report.grid.axes import grid_axes
from sslkit.report.grid.words import averaged_figures, grid_answers
from sslkit.report.members import Member
from tests.report.grid.variant_members import ALL, one_set, variant


def test_the_ends_of_an_axis_are_compared_by_seed() -> None:
    figures = {size: [0.5 + size / 1000, 0.6 + 2 * size / 1000, 0.55 + size / 900] for size in (10, 50, 100)}
    members = [
        variant(f"{size}{tau}", {"training.batch_size": size, "tau": tau}, {"byol": np.add(figures[size], tau / 100)})
        for size in figures for tau in (1, 2)
    ]  # fmt: skip
    expected = stats.ttest_rel(figures[100], figures[10]).confidence_interval(0.95)
    (answer,) = grid_answers(one_set(*members))
    text = next(said.text for said in answer.sentences if "batch_size 10 to 100" in said.text)
    mean = 100 * np.mean(np.subtract(figures[100], figures[10]))
    assert f"{mean:+.1f} points" in text
    assert f"{100 * expected.low:+.1f} to {100 * expected.high:+.1f}" in text
    assert "n = 3" in text and "on average over tau" in text


def test_means_over_the_other_axes_need_all_points_of_a_seed() -> None:
    members = [
        variant("1a", {"x": 1, "y": "a"}, {"byol": [0.2, 0.4, 0.5]}),
        variant("1b", {"x": 1, "y": "b"}, {"byol": [0.4, 0.8]}),
        variant("2a", {"x": 2, "y": "a"}, {"byol": [0.9]}),
    ]
    grid = one_set(*members)
    axis = next(axis for axis in grid_axes(grid) if axis.name == "x")
    assert averaged_figures(grid, axis, "1", "byol", ALL) == pytest.approx({0: 0.3, 1: 0.6})
    assert averaged_figures(grid, axis, "3", "byol", ALL) == {}


def test_what_is_the_same_run_is_not_compared_with_itself() -> None:
    same = [0.4, 0.5, 0.45]
    members = [
        variant(str(tau), {"objectives.byol.tau": tau}, {"byol": [tau / 2, tau / 2 + 0.1, tau / 2], "simclr": same})
        for tau in (0.2, 0.9)
    ]  # fmt: skip
    (answer,) = grid_answers(one_set(*members))
    assert any("byol from tau" in said.text for said in answer.sentences)
    assert not any("simclr from tau" in said.text for said in answer.sentences)


def test_points_at_which_a_method_wins_and_loses_are_counted() -> None:
    def at(tau: float, byol: float) -> Member:
        noise = np.array([0.001, -0.001, 0.0])
        figures = {"byol": byol + noise, "simclr": 0.5 - noise, "random": np.full(3, 0.7)}
        return variant(str(tau), {"tau": tau}, figures)

    (answer,) = grid_answers(one_set(at(0.1, 0.9), at(0.5, 0.4), at(0.9, 0.3)))
    (said,) = (said for said in answer.sentences if said.text.startswith("byol beats"))
    assert said.text == (
        "byol beats simclr at 1 of 3 points, the random-init encoder at 1 of 3 points; "
        "loses to simclr at 2 of 3 points, the random-init encoder at 2 of 3 points."
    )
    assert said.verdict == "lost"


def test_one_seed_judges_nothing() -> None:
    members = [variant(str(x), {"x": x}, {"byol": [0.5 + x], "random": [0.1]}) for x in (0, 0.2)]
    (answer,) = grid_answers(one_set(*members))
    assert {said.verdict for said in answer.sentences} == {"open"}
    assert [said.text for said in answer.sentences] == [
        "byol from x 0 to 0.2: +20.0 points with one seed (n = 1), and nothing concluded.",
        "byol: with one seed no difference can be judged.",
    ]


def test_alike_everywhere_is_said_once() -> None:
    noise = np.array([0.0, 0.02, -0.01, 0.01])
    members = [
        variant(v, {"views": v}, {"byol": 0.5 + noise, "simclr": 0.5 - noise}) for v in ("har", "none")
    ]
    (answer,) = grid_answers(one_set(*members))
    assert [said.text for said in answer.sentences] == [
        "byol shows no clear difference from simclr at any point."
    ]
