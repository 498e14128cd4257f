"""Whoever reads another part than the training part is found."""

from __future__ import annotations

import numpy as np
import pytest

from sslkit.data.samples import ArraySamples
from sslkit.data.splits import split
from sslkit.errors import SSLKitError
from sslkit.guards.reading import only_training_is_read
from sslkit.types import Dataset, Part, SampleSpec


def dataset(own_test: bool) -> Dataset:
    x = np.arange(200, dtype=np.float32).reshape(100, 1, 2)
    part = Part(ArraySamples(x), np.arange(100) % 2)
    test = Part(ArraySamples(x[:40]), np.arange(40) % 2) if own_test else None
    return Dataset(SampleSpec("sensor", (1, 2)), part, test, ("a", "b"), validation=test)


@pytest.mark.parametrize("own_test", [True, False])
def test_reading_the_training_part_is_right(own_test: bool) -> None:
    data = dataset(own_test)
    splits = split(data)
    with only_training_is_read(data, splits) as (_, watched):
        read = watched.train.x[np.arange(len(watched.train))]
    assert (read == splits.train.x[np.arange(len(splits.train))]).all()


@pytest.mark.parametrize("own_test", [True, False])
@pytest.mark.parametrize(("part", "said"), [("test", "3 test"), ("validation", "3 validation")])
def test_reading_another_part_is_found(own_test: bool, part: str, said: str) -> None:
    data = dataset(own_test)
    splits = split(data)
    with (
        pytest.raises(SSLKitError, match=f"read {said} samples"),
        only_training_is_read(data, splits) as (_, watched),
    ):
        watched.train.x[np.arange(10)]
        assert len(getattr(watched, part).x[np.arange(3)]) == 3


def test_reading_everything_is_found() -> None:
    data = dataset(False)
    with (
        pytest.raises(SSLKitError, match="20 test and 12 validation"),
        only_training_is_read(data, split(data)) as (watched, _),
    ):
        watched.train.x[np.arange(100)]
