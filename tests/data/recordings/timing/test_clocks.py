import numpy as np
import pytest

from sslkit.data.recordings.timing.clocks import common_rate, gap_notes, measure
from sslkit.errors import SSLKitError
from tests.data.recordings.recorded_rows import rows, settings


def test_t4_each_recording_has_its_rate() -> None:
    seconds = np.r_[np.arange(60) / 50, np.arange(40) / 100]
    begins = np.arange(99) == 59
    file = rows(
        100,
        seconds=seconds,
        begins=begins,
        recordings=np.repeat([0, 1], [60, 40]),
        recording_names=("a/A", "a/B"),
    )
    measured = measure(file, settings(time=("t",)))
    assert [one.rate_hz for one in measured.timings] == [pytest.approx(50), pytest.approx(100)]
    assert not measured.gaps.any()
    with pytest.raises(SSLKitError, match=r"from 50 to 100 Hz by column 't' \(50 Hz: a/A; 100 Hz: a/B\)"):
        common_rate([measured], settings(time=("t",)))
    found = common_rate([measured], settings(time=("t",), resample_hz=50.0))
    assert found.words == "50 Hz: a/A; 100 Hz: a/B"
    assert common_rate([rows(10)], settings(rate_hz=7.0)).rate_hz == 7


def test_a_rate_that_disagrees() -> None:
    file = measure(rows(50, seconds=np.arange(50) / 50), settings())
    assert common_rate([file], settings(rate_hz=50.1)).rate_hz == 50.1
    with pytest.raises(SSLKitError, match="rate_hz is 30, but column '' has 50 rows per second"):
        common_rate([file], settings(rate_hz=30.0))


def test_t9_gaps_are_said_with_their_share() -> None:
    seconds = np.delete(np.arange(120) / 50, np.arange(3, 110, 11))
    file = measure(rows(len(seconds), seconds=seconds), settings())
    (note,) = gap_notes([file], settings())
    assert "10 of 109 step(s) from row to row are gaps (9.2%)" in str(note) and note.warning
    assert "resample_hz: 50" in note.cure and "max_gap: 0.08" in note.cure
    assert gap_notes([measure(rows(9, seconds=np.arange(9.0)), settings())], settings()) == []
