from dataclasses import replace

import numpy as np
import pytest

from sslkit.data.samples import ArraySamples
from sslkit.data.splits import fingerprint, split, split_for_training
from sslkit.errors import SSLKitError
from sslkit.types import Dataset, Part, SampleSpec

RANDOM = np.random.default_rng(0)


def _dataset(y: np.ndarray, groups: np.ndarray | None = None, test: int = 0, seed: int = 0) -> Dataset:
    y = np.asarray(y, dtype=np.int64)
    x = np.random.default_rng(seed).standard_normal((len(y), 2, 5)).astype(np.float32)
    names = tuple("abcdefghij"[: max(int(y.max()) + 1, 0)])
    held = Part(ArraySamples(x[:test]), y[:test]) if test else None
    return Dataset(SampleSpec("sensor", (2, 5)), Part(ArraySamples(x), y, groups), held, names)


def _check_parts(dataset: Dataset, seed: int = 0) -> None:
    parts = split(dataset, seed=seed)
    everything = np.concatenate(parts.indices)
    assert len(np.unique(everything)) == len(everything)
    for part, index in zip((parts.train, parts.validation, parts.test), parts.indices, strict=True):
        np.testing.assert_array_equal(part.y, dataset.train.y[index])
        np.testing.assert_array_equal(part.x[np.arange(len(part))].numpy(), dataset.train.x[index].numpy())
    if dataset.train.groups is not None:
        sets = [set(dataset.train.groups[index]) for index in parts.indices]
        assert not (sets[0] & sets[1] or sets[0] & sets[2] or sets[1] & sets[2])
        assert all(sets)


def test_stratified_without_groups() -> None:
    y = RANDOM.permutation(np.repeat([0, 1, 2], [500, 100, 40]))
    dataset = _dataset(y)
    parts = split(dataset)
    assert parts.by == "class"
    np.testing.assert_array_equal(np.bincount(parts.test.y), [100, 20, 8])
    np.testing.assert_array_equal(np.bincount(parts.validation.y), [60, 12, 5])
    _check_parts(dataset)


def test_fewer_samples_are_among_more_and_leave_the_test_part_as_it_is() -> None:
    dataset = _dataset(np.arange(900) % 3)
    whole, some, few = split(dataset), split(dataset, most=300), split(dataset, most=60)
    seen = [np.concatenate(parts.indices[:2]) for parts in (whole, some, few)]
    assert [len(index) for index in seen] == [720, 300, 60]
    assert set(seen[2]) < set(seen[1]) < set(seen[0])
    for parts in (some, few):
        np.testing.assert_array_equal(parts.indices[2], whole.indices[2])
    assert len(few.validation) == pytest.approx(0.15 * 60, abs=2)
    np.testing.assert_array_equal(split(dataset, most=10_000).indices[0], whole.indices[0])


def test_a_class_alone_among_the_most_is_refused() -> None:
    with pytest.raises(SSLKitError, match="of one class"):
        split(_dataset(np.arange(900) % 3), most=1)


@pytest.mark.parametrize("seed", range(5))
def test_groups_are_never_shared_and_classes_stay_balanced(seed: int) -> None:
    random = np.random.default_rng(seed)
    groups = random.integers(0, 60, 3000)
    y = (random.random(3000) < (0.1 + 0.4 * (groups % 3 == 0))).astype(int)
    dataset = _dataset(y, groups)
    _check_parts(dataset, seed)
    parts = split(dataset, seed=seed)
    assert parts.by == "group"
    for part, fraction in ((parts.test, 0.2), (parts.validation, 0.8 * 0.15)):
        np.testing.assert_allclose(np.bincount(part.y) / np.bincount(y), fraction, rtol=0.1)


def test_groups_of_one_class_each_put_every_class_on_every_side() -> None:
    groups = np.repeat(np.arange(12), 50)  # like machines that are healthy or not
    parts = split(_dataset(groups // 4, groups))
    assert all(set(part.y) == {0, 1, 2} for part in (parts.train, parts.validation, parts.test))
    assert parts.notes == ()


def test_a_class_of_one_group_stays_in_training_and_is_said() -> None:
    groups = np.repeat(np.arange(11), 50)
    y = np.where(groups == 10, 2, groups % 2)
    parts = split(_dataset(y, groups))
    assert 2 in parts.train.y and 2 not in parts.test.y
    assert any("no sample in the test part (c)" in str(note) for note in parts.notes)


def test_as_few_groups_as_possible() -> None:
    _check_parts(_dataset(np.tile([0, 1], 15), np.repeat([0, 1, 2], 10)))


def test_the_source_s_own_test_part_is_kept() -> None:
    y = np.tile([0, 1], 50)
    dataset = _dataset(y, test=20)
    parts = split(dataset)
    assert parts.test is dataset.test and len(parts.validation) == 16 and len(parts.train) == 84


def test_unlabelled_samples_stay_in_training() -> None:
    y = np.where(np.arange(200) % 4 == 0, -1, np.arange(200) % 2)
    parts = split(_dataset(y))
    assert (parts.train.y == -1).sum() == 50
    assert (parts.test.y >= 0).all() and (parts.validation.y >= 0).all()
    _check_parts(_dataset(y))


def test_unlabelled_samples_of_held_out_groups_are_left_out_and_counted() -> None:
    groups = np.repeat(np.arange(10), 20)
    y = np.where(np.arange(200) % 4 == 0, -1, np.arange(200) % 2)
    dataset = _dataset(y, groups)
    parts = split(dataset)
    _check_parts(dataset)
    left = 200 - sum(len(index) for index in parts.indices)
    assert left > 0 and f"{left} of 200 samples without a label" in str(parts.notes[0])


def test_unlabelled_samples_of_the_test_part_are_left_out() -> None:
    dataset = _dataset(np.r_[[-1] * 5, np.tile([0, 1], 50)], test=25)
    parts = split(dataset)
    assert (
        len(parts.test) == 20 and (parts.test.y >= 0).all() and "5 of 25 test samples" in str(parts.notes[0])
    )


def test_without_any_label() -> None:
    parts = split(_dataset(np.full(100, -1)))
    assert parts.by == "chance" and (len(parts.train), len(parts.validation), len(parts.test)) == (68, 12, 20)
    groups = np.repeat(np.arange(10), 10)
    _check_parts(_dataset(np.full(100, -1), groups))
    assert split(_dataset(np.full(100, -1), groups)).by == "group"


def test_the_draw_is_a_function_of_the_seed() -> None:
    dataset = _dataset(np.tile([0, 1, 2], 100), np.repeat(np.arange(30), 10))
    assert (
        split(dataset, seed=1).digest() == split(dataset, seed=1).digest() != split(dataset, seed=2).digest()
    )


@pytest.mark.parametrize(
    ("y", "groups", "message"),
    [
        ([0] * 50, None, r"one class \('a'\)"),
        ([0] * 50 + [-1] * 9, None, r"one class \('a'\)"),
        ([0] * 50 + [1, 1], None, r"too few samples of class 'b' \(2\)"),
        ([0, 1] * 20, [0, 1] * 20, r"2 group\(s\) with labels"),
        ([-1] * 40, [0] * 40, r"1 group\(s\) cannot give"),
        ([-1, -1], None, r"2 sample\(s\) cannot give"),
    ],
)
def test_too_little_to_cut(y: list[int], groups: list[int] | None, message: str) -> None:
    with pytest.raises(SSLKitError, match=message):
        split(_dataset(np.array(y), None if groups is None else np.array(groups)))


def test_fingerprint_sees_every_change() -> None:
    y, groups = np.tile([0, 1], 20), np.arange(40)
    prints = [
        fingerprint(_dataset(y)),
        fingerprint(_dataset(y, groups)),
        fingerprint(_dataset(1 - y)),
        fingerprint(_dataset(y, test=3)),
        fingerprint(_dataset(y, seed=1)),
    ]
    assert len(set(prints)) == 5 and fingerprint(_dataset(y)) == prints[0]


def test_a_validation_part_of_the_sources_own_is_used() -> None:
    dataset = _dataset(np.arange(100) % 2)
    own = Part(dataset.train.x, np.arange(100) % 2)
    parts = split(replace(dataset, validation=own))
    assert len(parts.validation) == 100 and len(parts.train) + len(parts.test) == 100
    assert fingerprint(replace(dataset, validation=own)) != fingerprint(dataset)


def test_training_alone_needs_no_groups_and_no_classes() -> None:
    dataset = _dataset(np.full(100, -1), np.zeros(100, dtype=np.int64))
    with pytest.raises(SSLKitError, match="sslkit pretrain"):
        split(dataset)
    parts = split_for_training(dataset, validation=0.2)
    assert (len(parts.train), len(parts.validation), len(parts.test), parts.by) == (80, 20, 0, "order")
    assert parts.indices[1].tolist() == list(range(80, 100)) and "watched" in str(parts.notes[0])
    whole = _dataset(np.arange(100) % 2)
    assert split_for_training(whole).digest() == split(whole).digest()
