import numpy as np
import pytest

from sslkit.data.recordings.timing.clocks import measure
from sslkit.data.recordings.timing.one_rate import resampled
from sslkit.errors import SSLKitError
from tests.data.recordings.recorded_rows import rows, settings


def test_recordings_and_gaps_stay_apart() -> None:
    seconds = np.r_[np.arange(50), np.arange(70, 120), np.arange(40)] / 50
    file = rows(
        140,
        seconds=seconds,
        begins=np.arange(139) == 99,
        recordings=np.repeat([0, 1], [100, 40]),
        recording_names=("A", "B"),
        labels=np.repeat(["go", "stop"], 70),
    )
    wanted = settings(time=("t",), resample_hz=25.0)
    (found,), notes = resampled([measure(file, wanted)], wanted)
    assert found.rows == 70 and np.flatnonzero(found.begins).tolist() == [49]
    assert np.flatnonzero(found.gaps).tolist() == [24]
    assert found.labels.tolist() == ["go"] * 35 + ["stop"] * 35 and found.line(1) == 4
    assert "A: 50 → 25 Hz, B: 50 → 25 Hz" in str(notes[0])
    with pytest.raises(SSLKitError, match="set time or rate_hz"):
        resampled([rows(10)], settings(resample_hz=25.0))
    (found,), _ = resampled([rows(10)], settings(resample_hz=25.0, rate_hz=50.0))
    assert found.rows == 5
