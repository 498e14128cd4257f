from pathlib import Path

import numpy as np

from sslkit.data.reading.lists.file_lists import FileList
from sslkit.data.samples import ArraySamples
from sslkit.types import Note, SampleSpec

FILES = FileList(
    "here",
    [Path(f"{number}.png") for number in range(5)],
    ["b", "a", "", "b", "a"],
    ["p1", "1.0", "1", "p1", "p2"],
    ["train", "train", "train", "test", "validation"],
    (Note("of the folder"),),
    {"files": "5 read"},
    [(float(number), number + 1.0) for number in range(5)],
)


def test_parts_share_their_classes_and_groups() -> None:
    dataset = FILES.dataset(SampleSpec("image", (1,)), lambda rows: ArraySamples(rows[:, None]))
    assert dataset.class_names == ("a", "b") and dataset.group_names == ("1", "p1", "p2")
    assert (
        dataset.train.y.tolist() == [1, 0, -1] and dataset.test is not None and dataset.validation is not None
    )
    assert dataset.test.y.tolist() == [1] and dataset.validation.y.tolist() == [0]
    assert dataset.train.groups is not None and dataset.train.groups.tolist() == [1, 0, 0]
    assert dataset.validation.x[np.array([0])].item() == 4  # made from the rows that belong to the part
    assert dataset.notes[0] == FILES.notes[0] and "empty: 1" in str(dataset.notes[1])
    assert dataset.facts == {"files": "5 read"}


def test_chosen_rows_keep_all_that_belongs_to_them() -> None:
    some = FILES.chosen([3, 3, 0])
    assert [path.name for path in some.paths] == ["3.png", "3.png", "0.png"]
    assert some.labels == ["b", "b", "b"] and some.groups == ["p1", "p1", "p1"]
    assert some.parts == ["test", "test", "train"] and some.spans == [(3.0, 4.0), (3.0, 4.0), (0.0, 1.0)]
