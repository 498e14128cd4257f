import pytest

from sslkit.data.reading.lists.list_columns import Columns, find_columns
from sslkit.errors import SSLKitError


@pytest.mark.parametrize(
    ("present", "columns"),
    [
        ("path label group split", Columns("path", "label", "group", "split")),
        ("filename fold target category esc10", Columns("filename", "category", fold="fold")),
        (
            "slice_file_name fsID start end salience fold classID class",
            Columns("slice_file_name", "class", fold="fold"),
        ),
        ("image patient_id diagnosis set", Columns("image", "diagnosis", "patient_id", "set")),
        ("file onset offset species", Columns("file", "species", start="onset", end="offset")),
        ("File start duration Label", Columns("File", "Label", start="start", duration="duration")),
        ("Begin_File Begin_Time_(s) End_Time_(s) Species", None),
        ("path duration label", Columns("path", "label")),
    ],
)
def test_columns_are_known_by_the_names_that_people_use(present: str, columns: Columns | None) -> None:
    names = [
        name.replace("_(", " (").replace("Begin_", "Begin ").replace("End_", "End ")
        for name in present.split()
    ]
    expected = columns or Columns("Begin File", "Species", start="Begin Time (s)", end="End Time (s)")
    assert find_columns(names, "list.csv") == expected


def test_named_columns_must_be_there() -> None:
    assert find_columns(["a", "b", "c"], "x", path="b", label="c", group="a") == Columns("b", "c", "a")
    with pytest.raises(SSLKitError, match=r"no column 'defects'. Did you mean 'defect'\?"):
        find_columns(["path", "defect"], "x", label="defects")
    with pytest.raises(SSLKitError, match="path_column"):
        find_columns(["a", "b"], "x")
    with pytest.raises(SSLKitError, match=r"Did you mean 'lable'\?"):
        find_columns(["path", "lable"], "x")
