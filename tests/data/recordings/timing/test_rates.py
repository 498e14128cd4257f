import numpy as np
import pytest

from sslkit.data.recordings.timing.rates import Timing, resolution, timing

ROWS = np.arange(1000)
RANDOM = np.random.default_rng(0)


def _timing(seconds: np.ndarray, **settings: float) -> Timing:
    return timing(np.diff(seconds), float(seconds.max()), **settings)


@pytest.mark.parametrize("rate", [80, 128, 300, 700, 50.13, 44_100 / 1000])
def test_t8_the_mean_rate_where_stamps_are_rounded(rate: float) -> None:
    for seconds in (np.round(ROWS / rate, 3), np.floor(ROWS / rate * 1000) / 1000):
        found = _timing(seconds)
        assert found.rate_hz == pytest.approx(rate, rel=2e-4) and found.regular and not found.gaps.any()
    assert _timing(np.round(ROWS / 80, 3)).rate_hz == 80


def test_regular_stamps_have_the_rate_of_the_median_step() -> None:
    seconds = ROWS * 0.02
    found = _timing(seconds)
    assert found.rate_hz == 1 / np.median(np.diff(seconds)) and found.usual and found.regular


def test_t9_lost_rows_do_not_change_the_rate() -> None:
    seconds = np.delete(ROWS * 0.02, RANDOM.choice(998, 100, replace=False) + 1)
    found = _timing(seconds)
    assert found.rate_hz == pytest.approx(50) and found.regular
    assert found.gaps.sum() == (np.diff(seconds) > 0.03).sum() and found.wide_steps == found.gaps.sum()
    assert not _timing(seconds, max_gap=1.0).gaps.any()


def test_t9_uneven_rows_have_the_rate_of_all_of_them() -> None:
    seconds = np.cumsum(RANDOM.integers(8, 33, 1000)) / 1000
    found = _timing(seconds)
    assert found.rate_hz == pytest.approx(999 / (seconds[-1] - seconds[0]), rel=0.01) and not found.regular


def test_a_single_row_has_no_rate() -> None:
    assert _timing(np.zeros(1)).rate_hz is None


def test_resolution() -> None:
    assert resolution(np.array([0.02, 0.04, 1.0]), 10.0) == 0.01
    assert resolution(np.array([2.0, 3.0]), 10.0) == 1.0
    assert resolution(np.diff(ROWS / 300), 3.0) == 0.0
