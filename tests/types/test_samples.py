"""Samples, parts and data sets."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from sslkit.types import Dataset, DataSource, Modality, Part, SampleSpec


@pytest.mark.parametrize(
    ("scale", "raw", "decoded"),
    [
        (1 / 255, torch.tensor([[0, 255, 51]], dtype=torch.uint8), [[0.0, 1.0, 0.2]]),
        (1 / 32768, torch.tensor([[-32768, 16384]], dtype=torch.int16), [[-1.0, 0.5]]),
        (1.0, torch.tensor([[1.5, -2.0]], dtype=torch.float64), [[1.5, -2.0]]),
        (1.0, torch.tensor([[7]]), [[7.0]]),
    ],
)
def test_stored_values_become_natural_units_in_float32(scale, raw, decoded):
    found = SampleSpec("x", tuple(raw.shape[1:]), scale=scale).decode(raw)
    assert found.dtype == torch.float32
    torch.testing.assert_close(found, torch.tensor(decoded))


def test_decoding_floats_copies_nothing_and_changes_nothing():
    raw = torch.randn(2, 3)
    assert SampleSpec("sensor", (3,)).decode(raw) is raw


def test_missing_values_are_filled_where_there_may_be_some():
    x = torch.tensor([[1.0, torch.nan], [torch.nan, 2.0]])
    assert SampleSpec("sensor", (2,), missing=True).fill(x).tolist() == [[1.0, 0.0], [0.0, 2.0]]
    assert SampleSpec("sensor", (2,)).fill(x) is x


def test_a_part_is_as_long_as_its_labels():
    part = Part(torch.zeros(5, 2), np.array([0, 1, -1, 0, 1]))
    assert len(part) == 5 and part.groups is None


def test_groups_have_the_source_s_names_or_their_numbers():
    part = Part(torch.zeros(3, 2), np.zeros(3, np.int64), groups=np.arange(3))
    data = Dataset(SampleSpec("sensor", (2,)), part, None, ("only",), group_names=("Ann", "Bo"))
    assert [data.group_name(number) for number in range(3)] == ["Ann", "Bo", "group 2"]


def test_what_a_kind_must_write_itself_says_so():
    spec = SampleSpec("x", (2,))
    with pytest.raises(NotImplementedError):
        DataSource().load()
    with pytest.raises(NotImplementedError):
        Modality().handcrafted(torch.zeros(1, 2), spec)
    assert Modality().sound(torch.zeros(2), spec) is None
