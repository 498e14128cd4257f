import numpy as np
import pytest

from sslkit.data.recordings.timing.resampling import at_rate


def test_t4_a_filter_against_aliasing_and_no_edges() -> None:
    t = np.arange(4000) / 1000
    slow, fast = np.sin(2 * np.pi * 5 * t), np.sin(2 * np.pi * 180 * t)
    values, nearest = at_rate(np.stack([slow + fast, slow + 20]), t, 0.001, 200.0, True)
    expected = np.sin(2 * np.pi * 5 * np.arange(800) / 200)
    np.testing.assert_allclose(values[0, 20:-20], expected[20:-20], atol=0.01)
    np.testing.assert_allclose(values[1], expected + 20, atol=0.02)
    assert nearest.tolist() == list(range(0, 4000, 5))


def test_t9_uneven_rows_come_onto_a_grid() -> None:
    seconds = np.cumsum(np.random.default_rng(0).integers(8, 33, 500)) / 1000
    values, nearest = at_rate(np.sin(seconds)[None], seconds, 0.02, 50.0, False)
    grid = seconds[0] + np.arange(values.shape[1]) / 50
    np.testing.assert_allclose(values[0], np.sin(grid), atol=1e-3)
    assert (nearest == np.abs(grid[:, None] - seconds).argmin(axis=1)).mean() > 0.99


def test_missing_values_stay_missing() -> None:
    values = np.arange(100.0)[None].copy()
    values[0, 40:50] = np.nan
    found, nearest = at_rate(values, np.arange(100) / 100, 0.01, 50.0, True)
    assert (np.isnan(found[0]) == np.isin(nearest, np.arange(40, 50))).all()
    np.testing.assert_allclose(found[0, 5:18], nearest[5:18], atol=0.1)


@pytest.mark.parametrize("rate", [50.0, 49.99])
def test_the_same_rate_changes_nothing(rate: float) -> None:
    values = np.random.default_rng(0).normal(size=(2, 30))
    found, nearest = at_rate(values, np.arange(30) / 50, 0.02, rate, True)
    assert (found == values).all() and nearest.tolist() == list(range(30))
    assert at_rate(values[:, :1], np.zeros(1), 0.02, 10.0, True)[0].shape == (2, 1)
