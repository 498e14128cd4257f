import numpy as np
import pandas as pd
import pyarrow
import pytest

from sslkit.data.tables.stamps import find_clock
from sslkit.errors import SSLKitError


def _seconds(array: pyarrow.Array, **settings: object) -> np.ndarray:
    clock = find_clock([array], "t", "here", **settings)  # type: ignore[arg-type]
    seconds, bad = clock.seconds(array, clock.begin(array))
    assert not len(bad)
    return seconds - seconds[0]


def test_t8_nanoseconds_since_1970_keep_all_digits() -> None:
    steps = np.arange(1000) * 19_531  # 51.2 kHz
    expected = steps / 1e9
    whole = 1_700_000_000_123_456_789 + steps
    text = [f"{n // 10**9}.{n % 10**9:09d}" for n in whole.tolist()]
    for array in (pyarrow.array(whole), pyarrow.array(whole.astype(str)), pyarrow.array(text)):
        np.testing.assert_allclose(_seconds(array), expected, atol=1e-12)
    typed = pyarrow.array(whole).cast(pyarrow.timestamp("ns"))
    np.testing.assert_allclose(_seconds(typed), expected, atol=1e-12)


def test_small_numbers_are_taken_as_they_are() -> None:
    t = np.arange(50) * 0.02
    assert (_seconds(pyarrow.array(t)) == t).all()
    assert (_seconds(pyarrow.array([repr(one) for one in t.tolist()])) == t).all()


def test_dates_over_files_agree() -> None:
    first, second = (pyarrow.array([f"{day:02d}/03/2024 10:00:00"]) for day in (5, 13))
    clock = find_clock([first, second], "t", "here")
    assert clock.day_first and "day first" in clock.words and clock.absolute
    assert clock.seconds(second, clock.begin(first))[0][0] == 8 * 86_400
    with pytest.raises(SSLKitError, match="both orders"):
        find_clock([second, pyarrow.array(["03/13/2024 10:00:00"])], "t", "here")


def test_empty_and_bad_stamps_are_told_apart() -> None:
    array = pyarrow.array(["2024-03-05 10:00:00", "", "soon", None])
    clock = find_clock([array], "t", "here")
    seconds, bad = clock.seconds(array, clock.begin(array))
    assert bad.tolist() == [2] and np.isnan(seconds[[1, 3]]).all()


def test_typed_times() -> None:
    times = pyarrow.array(pd.to_datetime(["2024-03-05 10:00:00", "2024-03-05 10:00:01"]).time)
    clock = find_clock([times], "t", "here")
    assert clock.wraps == 86_400 and clock.seconds(times, clock.begin(times))[0].tolist() == [0, 1]
    with pytest.raises(SSLKitError, match="times in some files and text or numbers in others"):
        find_clock([times, pyarrow.array([1.0])], "t", "here")
