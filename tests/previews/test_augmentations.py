"""Which augmentations are shown, and at what settings."""

from __future__ import annotations

from typing import Any

import pytest

from sslkit.plugins import load_registry
from sslkit.previews.augmentations import (
    PreviewedAugmentation,
    previewed_augmentations,
    scaled_augmentations,
)
from sslkit.types import ComponentSpec

REGISTRY = load_registry(())[0]


def spec(name: str, **settings: Any) -> ComponentSpec:
    found = REGISTRY.check("augmentation", {"name": name, **settings}, "here", problems := [])
    assert found is not None, problems
    return found


def one(name: str, **settings: Any) -> PreviewedAugmentation:
    (found,) = previewed_augmentations(REGISTRY, [[spec(name, **settings)]])
    return found


def test_strength_moves_settings_and_every_sample_is_changed():
    found = scaled_augmentations(REGISTRY, one("jitter", sigma=0.1, p=0.3))
    assert [variant.strengths for variant in found] == [(0.5,), (1.0,), (2.0,)]
    assert [variant.changed["sigma"] for variant in found] == pytest.approx([0.05, 0.1, 0.2])
    assert [variant.spec.settings["p"] for variant in found] == [1.0] * 3


def test_what_strength_only_makes_more_frequent_is_shown_once():
    (found,) = scaled_augmentations(REGISTRY, one("negate", p=0.4))
    assert found.strengths == (0.5, 1.0, 2.0)
    assert found.spec.settings["p"] == 1.0 and found.changed == {}


def test_strengths_beyond_a_bound_are_one():
    strengths = [
        variant.strengths for variant in scaled_augmentations(REGISTRY, one("log-mixup-exp", alpha=1.0))
    ]
    assert strengths == [(0.5,), (1.0, 2.0)]


def test_equal_augmentations_of_two_views_are_one_with_both_probabilities():
    found = previewed_augmentations(
        REGISTRY, [[spec("jitter", p=0.1), spec("negate")], [spec("jitter", p=1.0)]]
    )
    assert [augmentation.spec.name for augmentation in found] == ["jitter", "negate"]
    assert found[0].uses == [(1, 0.1), (2, 1.0)]
    apart = previewed_augmentations(REGISTRY, [[spec("jitter")], [spec("jitter", sigma=0.9)]])
    assert len(apart) == 2


def test_members_of_composites_are_shown_one_by_one_in_what_they_stand_in():
    inner = spec("sequence", augmentations=[{"name": "scaling"}], p=0.2)
    choice = spec("one-of", augmentations=[{"name": "jitter", "p": 0.1}, inner.to_plain()], p=0.5)
    jitter, scaling = previewed_augmentations(REGISTRY, [[choice]])
    assert (jitter.inside, scaling.inside) == (("one-of",), ("one-of", "sequence"))
    wrapped = scaling.wrap(scaled_augmentations(REGISTRY, scaling)[1].spec)
    assert wrapped.name == "one-of" and wrapped.settings["p"] == 1.0
    (sequence,) = wrapped.settings["augmentations"]
    assert sequence.name == "sequence" and sequence.settings["p"] == 1.0
    (member,) = sequence.settings["augmentations"]
    assert member.name == "scaling" and member.settings["p"] == 1.0
