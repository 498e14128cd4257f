"""Plots of signals."""

from __future__ import annotations

import re

import numpy as np

from sslkit.previews.lines import HEIGHT, MOST_POINTS, WIDTH, Line, draw_lines


def points(drawing: str) -> np.ndarray:
    """Of the last path."""
    path = re.findall(r'<path d="([^"]+)" style', drawing)[-1]
    return np.array([pair.split() for pair in re.split("[ML]", path)[1:]], float)


def line(y: list[float]) -> Line:
    return Line(np.arange(len(y), dtype=float), np.array(y, dtype=float), "red")


def test_plots_of_a_row_share_one_scale_that_holds_all():
    (first, second), words = draw_lines([[line([0, 1])], [line([0, 3])]], "p", "label", "seconds")
    assert np.isclose(points(first)[0, 1], points(second)[0, 1])
    assert points(first)[1, 1] > points(second)[1, 1] > 0  # down is more
    assert points(second)[:, 0].tolist() == [0, WIDTH]
    assert words == "1 seconds across, from 0 to 3"


def test_the_original_lies_beneath_the_others():
    (first, second), _ = draw_lines([[line([0, 1])], [line([0, 3])]], "p", "label", "")
    assert 'id="p"' in first and "ghost" not in first
    assert second.index('href="#p"') < second.index("<g>")


def test_missing_values_leave_gaps():
    (drawing,), _ = draw_lines([[line([0, np.nan, 1, 2])]], "p", "label", "")
    path = re.findall(r'<path d="([^"]+)" style', drawing)[0]
    assert path.count("M") == 2 and path.count("L") == 1 and "nan" not in path


def test_long_lines_are_thinned_and_keep_their_peaks():
    y = np.zeros(100_000)
    y[54_321], y[77_777], y[10:20] = 5, -4, np.nan
    (drawing,), _ = draw_lines([[Line(np.arange(len(y), dtype=float), y, "red")]], "p", "label", "")
    found = points(drawing)
    assert len(found) <= MOST_POINTS
    assert found[:, 1].min() < 0.05 * HEIGHT and found[:, 1].max() > 0.95 * HEIGHT


def test_a_flat_or_missing_signal_is_drawn():
    for y in ([2.0, 2.0], [np.nan, np.nan]):
        (drawing,), _ = draw_lines([[line(y)]], "p", "label", "")
        assert "nan" not in drawing and "inf" not in drawing
