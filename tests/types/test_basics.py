"""Components, what describes them, and the types of their settings."""

from __future__ import annotations

import json

import pytest
from pydantic import TypeAdapter, ValidationError

from sslkit.types import (
    Backbone,
    Component,
    ComponentSpec,
    Count,
    Head,
    NonNegative,
    Positive,
    Precision,
    Probability,
)


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (Probability, [0, 0.5, 1], [-0.001, 1.001, "0.5"]),
        (Positive, [1e-9, 3.5], [0, -1, "1"]),
        (NonNegative, [0, 3.5], [-1e-9, None]),
        (Count, [1, 7], [0, -1, 1.5, "1"]),
        (Precision, ["fp32", "bf16"], ["fp16", 32]),
    ],
)
def test_types_of_settings_take_what_their_names_say(kind, good, bad):
    adapter = TypeAdapter(kind)
    for value in good:
        assert adapter.validate_json(json.dumps(value), strict=True) == value
    for value in bad:
        with pytest.raises(ValidationError):
            adapter.validate_json(json.dumps(value), strict=True)


def test_a_spec_is_written_as_a_config_has_it():
    head = ComponentSpec("head", "byol-mlp", {"out_dim": 8})
    flip, blur = ComponentSpec("augmentation", "flip"), ComponentSpec("augmentation", "blur", {"p": 0.5})
    settings = {"projector": head, "augmentations": [flip, blur], "size": (3, 4), "tau": 0.9, "none": None}
    assert ComponentSpec("objective", "byol", settings).to_plain() == {
        "name": "byol",
        "projector": {"name": "byol-mlp", "out_dim": 8},
        "augmentations": [{"name": "flip"}, {"name": "blur", "p": 0.5}],
        "size": [3, 4],
        "tau": 0.9,
        "none": None,
    }


def test_a_spec_without_settings_is_its_name_and_equal_to_its_like():
    assert ComponentSpec("backbone", "resnet1d").to_plain() == {"name": "resnet1d"}
    assert ComponentSpec("backbone", "resnet1d") == ComponentSpec("backbone", "resnet1d", {})
    assert ComponentSpec("backbone", "x") != ComponentSpec("head", "x")


def test_facts_of_the_program_are_no_settings_and_kinds_differ():
    assert (Component.runtime, Component.common) == (frozenset(), {})
    assert (Backbone.kind, Backbone.runtime) == ("backbone", {"shape"})
    assert (Head.kind, Head.runtime) == ("head", {"in_dim"})
