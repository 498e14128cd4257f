import numpy as np
import pyarrow

from sslkit.data.reading.text.numbers import to_numbers


def test_numbers_as_programs_write_them() -> None:
    texts = [
        "1.5",
        " -2 ",
        "+3e2",
        "1.5D+03",
        "",
        "NA",
        "-",
        "inf",
        "1.#INF",
        "TRUE",
        "1_0",
        "x",
        None,
        "0.1",
    ]
    values, bad = to_numbers(pyarrow.array(texts))
    expected = [1.5, -2, 300, 1500, np.nan, np.nan, np.nan, np.inf, np.inf, 1, np.nan, np.nan, np.nan, 0.1]
    np.testing.assert_array_equal(values, expected)
    assert bad.tolist() == [10, 11]


def test_signs_and_missing() -> None:
    assert to_numbers(pyarrow.array(["1.234,5", "-2,5"]), ",", ".")[0].tolist() == [1234.5, -2.5]
    assert to_numbers(pyarrow.array(["1\u202f234,5", "1 234"]), ",", " ")[0].tolist() == [1234.5, 1234]
    values, bad = to_numbers(pyarrow.array(["-999", "-999.0", "Bad", "2"]), missing=[-999, "Bad"])
    assert np.isnan(values[:3]).all() and values[3] == 2 and not len(bad)


def test_types() -> None:
    assert to_numbers(pyarrow.array([True, None]))[0][0] == 1
    assert to_numbers(pyarrow.array([1, 2], pyarrow.int16()))[0].dtype == np.float64
    assert np.isnan(to_numbers(pyarrow.array([None, None]))[0]).all()
    assert to_numbers(pyarrow.array(["1", "2"]).dictionary_encode())[0].tolist() == [1, 2]
    assert len(to_numbers(pyarrow.array([[1], [2]]))[1])
