"""A pipeline's strength: the settings that it moves, their bounds, and identity at 0."""

import pytest

from sslkit.assembly.strength import at_strength, scale_pipeline
from sslkit.plugins import load_registry
from sslkit.types import ComponentSpec
from tests.testing.test_augmentations import required

REGISTRY, _ = load_registry()
ENTRIES = REGISTRY.entries("augmentation")


def spec(name, **settings):
    problems = []
    found = REGISTRY.check("augmentation", {"name": name, **settings}, "views", problems)
    assert not problems
    return found


def settings_at(strength, name, **settings):
    return at_strength(REGISTRY, spec(name, **settings), strength).settings


def test_numbers_and_ranges_move_on_a_line_from_where_they_do_nothing():
    assert settings_at(0.5, "jitter", sigma=0.2)["sigma"] == pytest.approx(0.1)
    default = REGISTRY.entry("augmentation", "jitter").settings["sigma"].default
    assert settings_at(2.0, "jitter")["sigma"] == pytest.approx(2 * default)
    assert settings_at(0.5, "crop-resize", scale=[0.4, 1.0])["scale"] == pytest.approx((0.7, 1.0))
    assert settings_at(0.5, "permutation", segments=5)["segments"] == 3


def test_values_stay_within_their_bounds():
    low, high = settings_at(5.0, "crop-resize", scale=[0.4, 1.0])["scale"]
    assert 0.0 <= low < 0.4 and high == 1.0
    assert settings_at(10.0, "rotation", degrees=90.0)["degrees"] == 180.0


def test_what_is_done_or_not_scales_its_probability():
    assert settings_at(0.5, "solarize", p=0.2)["p"] == pytest.approx(0.1)
    assert settings_at(9.0, "solarize", p=0.2)["p"] == 1.0


def test_strength_zero_leaves_normalisations_only():
    pipeline = [spec("jitter"), spec("horizontal-flip"), spec("post-norm")]
    assert [one.name for one in scale_pipeline(REGISTRY, pipeline, 0.0)] == ["post-norm"]


def test_members_of_composites_are_scaled_one_by_one():
    both = spec(
        "one-of", augmentations=[{"name": "jitter", "sigma": 0.2}, {"name": "negate", "p": 0.5}], p=0.7
    )
    scaled = at_strength(REGISTRY, both, 0.5)
    jitter, negate = scaled.settings["augmentations"]
    assert jitter.settings["sigma"] == pytest.approx(0.1) and negate.settings["p"] == 0.25
    assert scaled.settings["p"] == 0.7
    assert at_strength(REGISTRY, both, 0.0) is None


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
@pytest.mark.parametrize("strength", [0.01, 0.5, 1.0, 2.0, 10.0])
def test_every_augmentation_takes_any_strength(entry, strength, sounds):
    problems = []
    plain = {"name": entry.name, **required(entry.name, sounds)}
    original = REGISTRY.check("augmentation", plain, "views", problems)
    scaled = at_strength(REGISTRY, original, strength)
    assert isinstance(scaled, ComponentSpec) and not problems
    again = REGISTRY.check("augmentation", scaled.to_plain(), "views", problems)
    assert problems == []
    REGISTRY.build(again)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_neutral_names_settings(entry):
    assert set(entry.component.neutral or {}) <= set(entry.settings)
