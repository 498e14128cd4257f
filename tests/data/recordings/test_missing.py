import numpy as np
import pytest

from sslkit.data.recordings.missing import check_values, fill
from sslkit.errors import SSLKitError
from tests.data.recordings.recorded_rows import rows, settings


def test_missing_values_of_all_files_are_listed() -> None:
    files = [rows(20, f"{i}.csv") for i in range(3)]
    files[0].values[1, 3] = np.nan
    files[2].values[0, [4, 5]] = 1e300
    with pytest.raises(SSLKitError) as error:
        check_values(files, settings())
    assert "0.csv: 1 of 40 values are NaN, Inf or beyond float32: x (1, first in row 5)" in str(error.value)
    assert "2.csv: 2 of 40 values" in str(error.value) and "n (2, first in row 6)" in str(error.value)
    (note,) = check_values(files, settings(missing="zero"))
    assert str(note) == "3 of 120 value(s) are missing and are set to 0 (0.csv, 2.csv)."
    assert check_values([rows(5)], settings()) == []


def test_filled_by_stretch() -> None:
    values = np.array([[1, np.nan, 3, np.nan, 9, 9, 9.0]])
    starts, stops = np.array([0, 4]), np.array([4, 7])
    filled = fill(values, starts, stops, settings(3, missing="interpolate"))
    assert filled.tolist() == [[1, 2, 3, 3, 9, 9, 9]] and filled.dtype == np.float32
    with pytest.raises(SSLKitError, match="no value to interpolate"):
        fill(values * np.nan, starts, stops, settings(3, missing="interpolate"))
