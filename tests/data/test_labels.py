import numpy as np
import pytest

from sslkit.data.labels import encode_groups, encode_labels
from sslkit.errors import SSLKitError


@pytest.mark.parametrize(
    ("column", "codes", "names"),
    [
        ([2, 0, -1, 2], [1, 0, -1, 1], ("0", "2")),
        ([1.0, np.nan, 3.0], [0, -1, 1], ("1", "3")),
        ([True, False], [1, 0], ("0", "1")),
        (["b", "", "a"], [1, -1, 0], ("a", "b")),
        (["10", "9", "9"], [1, 0, 0], ("9", "10")),
        ([b"b", b"a"], [1, 0], ("a", "b")),
        ([[4], [5]], [0, 1], ("4", "5")),
        ([-1, -1], [-1, -1], ()),
        (np.array(["x", None], dtype=object), [0, -1], ("x",)),
    ],
)
def test_labels_become_numbers(column: object, codes: list[int], names: tuple[str, ...]) -> None:
    (encoded,), found, _ = encode_labels([np.array(column)], "here")
    assert encoded.tolist() == codes and encoded.dtype == np.int64
    assert found == names


def test_two_parts_share_their_classes() -> None:
    (train, test), names, _ = encode_labels([np.array(["cat", "dog"]), np.array(["eel", "cat"])], "here")
    assert train.tolist() == [0, 1] and test.tolist() == [2, 0] and names == ("cat", "dog", "eel")


def test_names_are_indexed_or_matched() -> None:
    (codes,), names, _ = encode_labels([np.array([2, 0, -1])], "here", ["a", "b", "c"])
    assert codes.tolist() == [2, 0, -1] and names == ("a", "b", "c")
    (codes,), *_ = encode_labels([np.array(["c", "a"])], "here", ["a", "b", "c"])
    assert codes.tolist() == [2, 0]


@pytest.mark.parametrize(
    ("column", "names", "message"),
    [
        (np.array([0.5, 1.0]), None, "0.5 is not a whole number"),
        (np.zeros((3, 4)), None, "one-hot"),
        (np.array(["2020-01-01"], dtype="datetime64[D]"), None, "datetime64"),
        (np.array([0, 3]), ["a", "b"], "label 3 has no name"),
        (np.array(["x"]), ["a", "b"], "'x' is not among"),
    ],
)
def test_what_is_no_label(column: np.ndarray, names: list[str] | None, message: str) -> None:
    with pytest.raises(SSLKitError, match=message):
        encode_labels([column], "here", names)


def test_text_in_one_part_and_numbers_in_the_other_meet() -> None:
    (train, test), names, _ = encode_labels([np.array(["1", "2"]), np.array([2.0, 1.0, np.nan])], "here")
    assert names == ("1", "2") and train.tolist() == [0, 1] and test.tolist() == [1, 0, -1]


def test_groups_are_the_same_number_in_both_parts() -> None:
    (train, test), names, _ = encode_groups([np.array(["p1", "p2", "p1"]), np.array(["p2", "p3"])])
    assert train[0] == train[2] != train[1] == test[0] != test[1]
    assert [names[number] for number in (*train, *test)] == ["p1", "p2", "p1", "p2", "p3"]


def test_groups_that_are_numbers_keep_them_in_their_names() -> None:
    (numbers,), names, _ = encode_groups([np.array([30, 7, 30])])
    assert numbers.tolist() == [1, 0, 1]
    assert names == ("group 7", "group 30")


def test_what_is_taken_as_unknown_is_said_with_counts_and_cure() -> None:
    (codes,), names, (note,) = encode_labels([np.array(["walk"] * 3 + ["NA"] * 2 + ["run"])], "here")
    assert names == ("run", "walk") and codes.tolist() == [1, 1, 1, -1, -1, 0]
    assert (note.count, note.of, note.which) == (2, 6, ("NA: 2",)) and "unknown:" in note.cure


def test_the_unknown_values_can_be_set() -> None:
    (codes,), names, _ = encode_labels([np.array([0, 1, 2, -1])], "here", unknown=[0])
    assert names == ("-1", "1", "2") and codes.tolist() == [-1, 1, 2, 0]
    (codes,), names, _ = encode_labels([np.array(["NA", "DE", ""])], "here", unknown=[])
    assert names == ("DE", "NA") and codes.tolist() == [1, 0, -1]


def test_left_none_right_is_said_and_other_negative_labels_are_asked_for() -> None:
    (_,), names, (note,) = encode_labels([np.array([-1, 0, 1])], "here")
    assert names == ("0", "1") and "left, none, right" in note.cure
    with pytest.raises(SSLKitError, match=r"unknown: \[-1\]"):
        encode_labels([np.array([-2, 0, 1])], "here")


def test_one_person_in_two_files() -> None:
    (first, second), names, _ = encode_groups([np.array([1, 2]), np.array([1.0, np.nan, 2.0])])
    assert (
        first.tolist() == [1, 2]
        and second.tolist() == [1, 0, 2]
        and names == ("group ", "group 1", "group 2")
    )
    (first, second), names, _ = encode_groups([np.array(["1", "2"]), np.array([2, 3])])
    assert first.tolist() == [0, 1] and second.tolist() == [1, 2] and names == ("1", "2", "3")


@pytest.mark.parametrize("name", ["-", "?", "none", "Unlabelled", "no label"])
def test_t3_names_that_may_mean_unknown_stay_classes_and_are_said(name: str) -> None:
    column = np.array(["walk", name, name, "run"])
    found = encode_labels([column], "here")
    assert set(found.class_names) == {"walk", "run", name}
    (note,) = found.notes
    assert note.warning and note.count == 2 and note.of == 4 and note.which == (f"{name}: 2",)
    assert encode_labels([column], "here", unknown=["", "NA"]).notes == ()
    assert set(encode_labels([column], "here", unknown=["", "NA", name]).class_names) == {"walk", "run"}
