"""Groups on both sides of a split, against sets."""

from __future__ import annotations

import numpy as np
import pytest

from sslkit.guards.groups import shared_groups
from tests.guards.data import splits_of


def parts(*groups):
    arrays = tuple(None if some is None else np.array(some) for some in groups)
    x = [np.zeros((len(some) if some is not None else 4, 1, 4), np.float32) for some in groups]
    splits = splits_of(x[0], x[1], x[2], arrays)
    return splits.train, splits.validation, splits.test


def test_groups_apart_are_no_finding() -> None:
    assert shared_groups(*parts([0, 0, 1, 1], [2, 2], [3, 3, 4])) == []


@pytest.mark.parametrize(
    ("validation", "test", "part", "shared", "samples"),
    [
        ([2, 3], [0, 0, 9], "test", {0}, 2),
        ([2, 3], [3, 9, 9], "test", {3}, 1),
        ([1, 3], [9, 9], "validation", {1}, 1),
    ],
)
def test_a_group_on_both_sides_is_a_leak(validation, test, part, shared, samples) -> None:
    (finding,) = shared_groups(*parts([0, 0, 1, 1], validation, test))
    own = set(test if part == "test" else validation)
    assert (finding.guard, finding.leak, finding.count, finding.of) == ("groups", True, len(shared), len(own))
    assert f"of the {part} part are in the training part too" in finding.text
    named = ", ".join(f"group {group}" for group in shared)
    assert (
        f"({named}; {samples} of {len(test if part == 'test' else validation)} {part} samples)"
        in finding.text
    )


def test_names_and_few_of_many() -> None:
    groups = list(range(8))
    first, second = shared_groups(*parts(groups, groups, groups), name_of="person {}".format)
    assert "person 0, person 1, person 2, person 3, person 4 …; 8 of 8 test samples" in first.text
    assert (first.count, second.count) == (8, 8)


def test_without_groups_nothing_is_looked_for() -> None:
    assert shared_groups(*parts(None, None, None)) == []
    assert shared_groups(*parts([0, 1], None, [5, 6])) == []
