from typing import Any

import numpy as np
import pytest

from sslkit.data.recordings.timing.arranging import Arranged, arrange
from sslkit.errors import SSLKitError

BLOCKS = np.arange(42).reshape(14, 3)[np.arange(14) ^ 1].ravel().tolist()  # sent in the wrong order


def _arrange(seconds: Any, identity: Any = None, wraps: float | None = None, length: int = 10) -> Arranged:
    count = len(identity) if seconds is None else len(seconds)
    identity = np.zeros(count, dtype=int) if identity is None else np.asarray(identity)
    time = None if seconds is None else np.asarray(seconds, dtype=np.float64)
    values = np.arange(2.0 * count).reshape(2, count)
    return arrange(identity, time, values, length, wraps, "a.csv", "here", lambda row: row + 2)


def test_t11_rows_in_turn_are_put_together_but_long_stretches_are_not() -> None:
    found = _arrange(None, np.tile([5, 3], 20))
    assert found.order.tolist() == [*range(0, 40, 2), *range(1, 40, 2)] and np.flatnonzero(
        found.begins
    ).tolist() == [19]
    found = _arrange(None, np.repeat([5, 3, 5], 20))
    assert found.order.tolist() == list(range(60)) and np.flatnonzero(found.begins).tolist() == [19, 39]


def test_t10_restarts() -> None:
    found = _arrange(np.r_[np.arange(50), np.arange(30), np.arange(40)])
    assert found.part.tolist() == [0] * 50 + [1] * 30 + [2] * 40
    assert np.flatnonzero(found.begins).tolist() == [49, 79] and "row 52 (49 s back)" in str(found.notes[0])
    other = _arrange(np.r_[np.arange(50), np.arange(30)], np.repeat([0, 1], [50, 30]))
    assert not other.part.any() and not other.notes  # a recording of its own has a clock of its own


@pytest.mark.parametrize("order", [[*range(20), 21, 20, *range(22, 40)], [*range(40, 0, -1)], BLOCKS])
def test_t10_rows_out_of_order(order: list[int]) -> None:
    with pytest.raises(SSLKitError, match="does not go forward at row"):
        _arrange(order)


def test_midnight() -> None:
    found = _arrange(np.r_[86_398:86_400, 0:20], wraps=86_400.0)
    assert found.seconds is not None and (np.diff(found.seconds) == 1).all() and not found.notes


def test_t9_rows_with_one_stamp() -> None:
    found = _arrange(np.repeat(np.arange(10.0), 5))
    assert found.seconds is not None
    np.testing.assert_allclose(found.seconds, np.arange(50) / 5)
    assert "40 of 50 row(s) share their stamp" in str(found.notes[0]) and not found.notes[0].warning
    assert _arrange(np.repeat(np.arange(20.0), 2)).notes[0].warning  # perhaps two machines


def test_t9_rows_that_are_there_twice() -> None:
    values = np.ones((1, 30))
    time = np.r_[np.arange(15.0), 14, np.arange(15, 29.0)]
    found = arrange(np.zeros(30, dtype=int), time, values, 10, None, "a.csv", "here", lambda row: row)
    assert found.order.tolist() == [*range(15), *range(16, 30)] and "1 of 30 row(s) are there twice" in str(
        found.notes[0]
    )
