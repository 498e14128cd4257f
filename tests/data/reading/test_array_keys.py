from sslkit.data.reading.array_keys import find_keys


def test_parts_and_their_spellings() -> None:
    keys = find_keys(
        ["X_train", "y_train", "X_val", "y_val", "X_test", "groups_train", "fs", "channel_names"]
    )
    assert keys.samples == {"train": "X_train", "validation": "X_val", "test": "X_test"}
    assert keys.labels == {"train": "y_train", "validation": "y_val"} and keys.groups == {
        "train": "groups_train"
    }
    assert (keys.rate, keys.channels, keys.notes) == ("fs", "channel_names", ())


def test_groups_without_a_part_count_where_there_is_one_part() -> None:
    assert find_keys(["X_train", "subject"]).groups == {"train": "subject"}
    several = find_keys(["X_train", "X_test", "subject"])
    assert several.groups == {} and several.notes[0].which == ("subject",) and several.notes[0].warning


def test_other_labels_and_what_is_left() -> None:
    keys = find_keys(["X_train", "y4_train", "y_train"], "y4")
    assert keys.labels == {"train": "y4_train"} and keys.notes[0].which == ("y_train",)
