"""What an encoder takes, and what is known of new samples."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from sslkit.deploy.new_samples import ConvertedSamples, NewSamples, as_encoder_takes, check_rate
from sslkit.errors import SSLKitError
from sslkit.types import Dataset, Part, SampleSpec
from tests.deploy.encoders import SPECS

ROWS = np.arange(2)


def part(y: list[int], groups: list[int] | None = None, **origins: np.ndarray) -> Part:
    x = torch.zeros(len(y), 3, 33)
    return Part(x, np.array(y), None if groups is None else np.array(groups), origins)


def test_columns_are_those_that_all_parts_have():
    parts = {
        "train": part([0, -1], [1, 0], row=ROWS, second=ROWS / 2),
        "test": part([1, 0], [0, 0], row=ROWS),
    }
    found = NewSamples(parts, ("walk", "run"), ("Ann", "Ben")).columns()
    assert {name: column.tolist() for name, column in found.items()} == {
        "row": [0, 1, 0, 1],
        "part": ["train", "train", "test", "test"],
        "label": ["walk", "", "run", "walk"],
        "group": ["Ben", "Ann", "Ann", "Ann"],
    }


def test_without_labels_and_groups_there_are_no_such_columns():
    assert list(NewSamples({"train": part([-1, -1], row=ROWS)}).columns()) == ["row"]


@pytest.mark.parametrize(
    ("rate", "words"),
    [
        (50.0, ""),
        (50.000048, ""),
        (50.3, "the rate is 50.3 Hz, taken for"),
        (None, "nothing says at which rate"),
    ],
)
def test_rates_within_a_hundredth_are_one(rate, words):
    said = " ".join(map(str, check_rate(rate, SPECS["sensor"], "x")))
    assert said.startswith(words) and bool(said) == bool(words)


@pytest.mark.parametrize("rate", [49.4, 50.6, 100.0, 1e-9])
def test_other_rates_are_refused(rate):
    with pytest.raises(SSLKitError, match=r"x: .* Hz; the encoder takes 50 Hz. Resample them first"):
        check_rate(rate, SPECS["sensor"], "x")


def test_pictures_and_encoders_without_a_rate_ask_for_none():
    assert check_rate(25.0, SPECS["gaps"], "x") == () == check_rate(None, SPECS["image"], "x")


@pytest.mark.parametrize("spec", [SampleSpec("sensor", (3, 32), 50.0), SampleSpec("audio", (3, 33), 50.0)])
def test_another_shape_or_modality_is_refused(spec):
    dataset = Dataset(spec, part([0, 1]), None, ())
    with pytest.raises(SSLKitError, match=r"x: .* the encoder takes sensor of shape \(3, 33\)"):
        as_encoder_takes(dataset, SPECS["sensor"], "x", is_sure=True)


def test_values_are_converted_and_rounded_where_the_encoder_knows_whole_numbers():
    samples = torch.tensor([[0.0, 0.499 / 255, 0.6 / 255, 1.0]])
    found = ConvertedSamples(samples, 255.0, whole=True)
    assert len(found) == 1 and found[np.array([0])].tolist() == [[0, 0, 1, 255]]
    assert (
        ConvertedSamples(samples, 2.0, whole=False)[np.array([0, 0])].tolist() == (2 * samples).tolist() * 2
    )


def test_every_part_that_is_there_is_taken():
    dataset = Dataset(SPECS["sensor"], part([0, 1]), part([]), (), validation=part([1]))
    assert list(as_encoder_takes(dataset, SPECS["sensor"], "x", is_sure=True).parts) == [
        "train",
        "validation",
    ]
