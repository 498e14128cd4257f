import numpy as np
import pytest

from sslkit.data.recordings.windows import cut
from sslkit.errors import SSLKitError
from tests.data.recordings.recorded_rows import rows, settings

LABELS = np.repeat(["walk", "fall", "walk"], [20, 6, 20])


def test_windows_do_not_cross_labels_or_gaps() -> None:
    file = rows(46, labels=LABELS, gaps=np.arange(45) == 35)
    found = cut([file, file], settings())
    assert found.starts.tolist() == [s + o for o in (0, 46) for s in (0, 5, 10, 26, 36)]
    assert found.stretches.tolist() == [0, 0, 0, 2, 3, 4, 4, 4, 6, 7]
    assert (found.rows, found.used) == (92, 80) and found.signal.dtype == np.float32
    assert "12 of 92 rows are not used" in str(found.notes[0])
    assert (
        "fall: 12 rows in 2 stretches of up to 6 rows" in str(found.notes[1])
        and "length: 6" in found.notes[1].cure
    )


def test_t5_padded() -> None:
    found = cut([rows(46, labels=LABELS)], settings(short="pad"))
    place = found.labels.tolist().index("fall")
    start = found.starts[place]
    assert start == 46 and found.signal[0, start:].tolist() == [20, 21, 22, 23, 24, 25, 25, 24, 23, 22]
    assert found.used == 46


def test_t5_majority() -> None:
    found = cut([rows(46, labels=LABELS)], settings(stride=1, short="majority"))
    expected = []
    for start in range(37):
        own = LABELS[start : start + 10].tolist()
        expected.append(max(("fall", "walk"), key=own.count))
    assert found.labels.tolist() == expected and "18 of 37 window(s) hold more than one label" not in str(
        found.notes[0]
    )
    mixed = sum(len(set(LABELS[s : s + 10])) > 1 for s in range(37))
    assert f"{mixed} of 37 window(s) hold more than one label" in str(found.notes[-1])


def test_unknown_labels_are_one() -> None:
    file = rows(30, labels=np.repeat(["", "NA", "-1"], 10))
    assert cut([file], settings()).starts.tolist() == [0, 5, 10, 15, 20]
    assert cut([file], settings(unknown=[])).starts.tolist() == [0, 10, 20]


def test_nothing_fits() -> None:
    with pytest.raises(SSLKitError, match=r"no window of 50 rows fits: .* has 30. Set a smaller length."):
        cut([rows(30)], settings(50))
    with pytest.raises(SSLKitError, match=r"There are 29 gaps in time: set max_gap"):
        cut([rows(30, gaps=np.ones(29, dtype=bool))], settings(50))
