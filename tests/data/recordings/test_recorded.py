import numpy as np

from sslkit.data.recordings.recorded import stretches
from tests.data.recordings.recorded_rows import rows


def test_stretches() -> None:
    starts, stops = stretches(np.array([False, True, False, True]))
    assert starts.tolist() == [0, 2, 4] and stops.tolist() == [2, 4, 5]
    assert [one.tolist() for one in stretches(np.zeros(0, dtype=bool))] == [[0], [1]]


def test_taken_rows_keep_who_they_are() -> None:
    file = rows(4, labels=np.array(list("abcd")))
    taken = file.taken(np.array([3, 0]), file.values[:, :2], None)
    assert taken.labels.tolist() == ["d", "a"] and taken.rows == 2
