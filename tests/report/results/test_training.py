"""Charts of training: what is averaged, thinned and left out."""

from __future__ import annotations

import re

import numpy as np
import pytest

from sslkit.pages.palette import method_styles
from sslkit.pages.svg import SvgWriter
from sslkit.report.members import RunRecord
from sslkit.report.results.training import draw_losses, draw_monitored, training_charts
from tests.pages.carried import carried_rows, svg_texts
from tests.report.fake_member import fake_member

STYLES = method_styles(["byol", "simclr"])


def run(method: str, seed: int, losses: list[float], finished: bool = True, **monitor: float) -> RunRecord:
    training = [{"step": step, "epoch": step / 10, "loss": loss} for step, loss in enumerate(losses)]
    watched = [{"step": step, "epoch": step / 10, **monitor} for step in range(2)] if monitor else []
    return RunRecord(method, seed, training, watched, finished=finished)


def test_a_panel_for_each_method_on_its_own_scale() -> None:
    runs = {"byol": [run("byol", 0, [2.0, 1.0])], "simclr": [run("simclr", 0, [50.0, 40.0])]}
    picture = draw_losses(runs, STYLES, SvgWriter())
    texts = svg_texts(picture)
    assert {"byol", "simclr", "epoch"} <= set(texts)
    ticks = [float(text) for text in texts if re.fullmatch(r"[\d.]+", text)]
    assert max(ticks) >= 40 and min(tick for tick in ticks if tick > 0) < 2
    rows = carried_rows(picture)
    assert [(row["method"], row["epoch"], row["loss"]) for row in rows] == [
        ("byol", "0", "2"), ("byol", "0.1", "1"), ("simclr", "0", "50"), ("simclr", "0.1", "40"),
    ]  # fmt: skip


def test_long_training_is_thinned_by_means() -> None:
    losses = np.random.default_rng(0).normal(size=1200).tolist()
    rows = carried_rows(draw_losses({"byol": [run("byol", 0, losses)]}, STYLES, SvgWriter()))
    assert len(rows) == 120
    expected = np.reshape(losses, (120, 10)).mean(axis=1)
    assert [float(row["loss"]) for row in rows] == pytest.approx(expected.tolist(), rel=1e-4, abs=1e-5)


def byol_lines(picture: str) -> list[tuple[np.ndarray, bool]]:
    """Heights of each line's points, and whether it is thin."""
    found = re.findall(
        r'<path d="(M [^"]+)" clip-path="[^"]+" style="([^"]*stroke: var\(--m0\)[^"]*)"', picture
    )
    return [
        (np.array([float(y) for y in re.findall(r"[\d.]+ ([\d.]+)", path)]), "stroke-width: 0.9" in style)
        for path, style in found
    ]


def test_the_mean_is_of_finished_seeds_and_single_seeds_are_thin() -> None:
    losses = {0: [4.0, 2.0], 1: [2.0, 0.0], 2: [9.0, 9.0]}
    seeds = [run("byol", seed, some, finished=seed < 2) for seed, some in losses.items()]
    lines = byol_lines(draw_losses({"byol": seeds}, STYLES, SvgWriter()))
    assert [thin for _, thin in lines] == [True, True, True, False]
    first, second, _, mean = (heights for heights, _ in lines)
    np.testing.assert_allclose((first + second) / 2, mean, atol=0.11)  # the page rounds to a tenth


def test_one_seed_has_one_line() -> None:
    ((_, thin),) = byol_lines(draw_losses({"byol": [run("byol", 0, [4.0, 2.0])]}, STYLES, SvgWriter()))
    assert not thin


def test_what_was_watched_in_percent_or_as_it_is() -> None:
    runs = {"byol": [run("byol", 0, [1.0], knn_accuracy=0.5)], "simclr": [run("simclr", 0, [1.0])]}
    rows = carried_rows(draw_monitored(runs, STYLES, "knn_accuracy", "accuracy, %", SvgWriter(), 100.0))
    assert [(row["method"], row["knn_accuracy_percent"]) for row in rows] == [("byol", "50"), ("byol", "50")]
    assert draw_monitored(runs, STYLES, "feature_std", "spread", SvgWriter()) == ""


def test_figures_that_are_no_numbers_leave_no_point() -> None:
    rows = carried_rows(draw_losses({"byol": [run("byol", 0, [2.0, np.nan, 1.0])]}, STYLES, SvgWriter()))
    assert [row["loss"] for row in rows] == ["2", "1"]


def test_charts_of_a_member_without_those_that_no_run_has() -> None:
    runs = [run("byol", 0, [2.0, 1.0], effective_rank=20.0), run("random", 0, [])]
    charts = training_charts(fake_member({}, runs=runs), STYLES, SvgWriter())
    assert [chart.title for chart in charts] == ["Loss", "Effective rank"]
    assert training_charts(fake_member({"byol": [0.5]}), STYLES, SvgWriter()) == []
