import numpy as np
import pytest

from sslkit.data import identifiers
from sslkit.data.identifiers import NO_VALUE, canonical, canonical_column, look_alikes, unknown_texts


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1, "1"),
        (1.0, "1"),
        ("1.0", "1"),
        (" 1 ", "1"),
        (np.float32(7), "7"),
        (b"anna", "anna"),
        ("007", "007"),
        ("007.0", "007"),
        ("1.5", "1.5"),
        ("1.2.0", "1.2.0"),
        (None, ""),
        (float("nan"), ""),
        ("Mu\u0308ller", "Müller"),
        ("\u00a0M1\t", "M1"),
        (-1.0, "-1"),
        (True, "True"),
    ],
)
def test_one_canonical_form(value: object, text: str) -> None:
    assert canonical(value) == text


def test_columns_of_any_type() -> None:
    for column in (
        np.array([1, 2, 1]),
        np.array([1.0, 2.0, 1.0]),
        np.array(["1", "2.0", "1"]),
        [1, "2", 1.0],
    ):
        assert canonical_column(np.array(column, dtype=getattr(column, "dtype", object))).tolist() == [
            "1",
            "2",
            "1",
        ]
    assert canonical_column(np.array([1.0, np.nan])).tolist() == ["1", ""]
    assert canonical_column(np.array([], dtype=str)).tolist() == []


def test_default_unknowns_are_what_pandas_reads_as_missing() -> None:
    from pandas._libs.parsers import STR_NA_VALUES

    assert set(STR_NA_VALUES) <= set(NO_VALUE)
    assert "-1" in unknown_texts(None) and "0" not in unknown_texts(None)
    assert unknown_texts(["NA", 0, 9.0]) == {"", "NA", "0", "9"}


def test_names_that_look_alike_are_said() -> None:
    (note,) = look_alikes(["Anna", "anna", "7", "007", "M 1", "M_1", "bert"], "groups")
    assert note.which == ("007 / 7", "Anna / anna", "M 1 / M_1") and note.warning
    assert look_alikes(["a", "b", "10", "1"], "groups") == []


@pytest.mark.parametrize("piece", [1, 3, 7, 100])
@pytest.mark.parametrize(
    "column",
    [
        np.random.default_rng(0).integers(-3, 9, 40),
        np.random.default_rng(1).choice([0.5, np.nan, -1.0, np.inf], 40),
        np.random.default_rng(2).choice(["b", "", "äb", "a"], 40),
        np.array([True, False, True]),
        np.array([], np.int64),
        np.arange(25)[::-1],
    ],
)
def test_different_values_are_numpys(column: np.ndarray, piece: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identifiers, "PIECE", piece)
    values, places = identifiers.different_values(column)
    expected, inverse = np.unique(column, return_inverse=True)
    np.testing.assert_array_equal(values, expected)
    np.testing.assert_array_equal(places, inverse.ravel())
