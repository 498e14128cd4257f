"""A recipe taken by a config, with a part of it changed."""

import pytest

from sslkit.assembly.pipelines import pipeline_specs
from sslkit.config import ViewsConfig
from sslkit.errors import ConfigError
from sslkit.plugins import load_registry
from sslkit.types import SampleSpec

REGISTRY, _ = load_registry()
IMAGES = SampleSpec("image", (3, 32, 32))


def expand(name="byol", spec=IMAGES, **settings):
    problems = []
    recipe = REGISTRY.check("recipe", {"name": name, **settings}, "views", problems)
    assert not problems
    return pipeline_specs(REGISTRY, ViewsConfig(recipe=recipe), spec)


def names(pipeline):
    return [spec.name for spec in pipeline]


def test_a_recipe_as_it_is():
    first, second = expand()
    assert names(first) == ["random-resized-crop", "color-jitter", "grayscale", "gaussian-blur"]
    assert names(second) == [*names(first), "solarize"]


def test_change_touches_every_view_and_null_leaves_out():
    first, second = expand(change={"gaussian-blur": {"sigma": [0.1, 0.5]}, "solarize": None})
    blurs = [
        spec.settings for pipeline in (first, second) for spec in pipeline if spec.name == "gaussian-blur"
    ]
    assert [blur["sigma"] for blur in blurs] == [(0.1, 0.5)] * 2
    assert [blur["p"] for blur in blurs] == [1.0, 0.1]
    assert names(second) == names(first)


def test_add_stands_at_the_end_of_every_view():
    for pipeline in expand(add=["sensor-noise", {"name": "vertical-flip", "p": 0.5}]):
        assert names(pipeline)[-2:] == ["sensor-noise", "vertical-flip"]


def test_strength_scales_all_of_it():
    half = {spec.name: spec.settings for spec in expand(strength=0.5)[1]}
    assert half["color-jitter"]["brightness"] == pytest.approx(0.2)
    assert half["solarize"]["p"] == pytest.approx(0.1)
    assert expand(strength=0.0) == [[], []]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"change": {"gausian-blur": {"p": 0.1}}}, r"views\.change\.gausian-blur.*gaussian-blur"),
        ({"change": {"gaussian-blur": {"sigma": [0.1, "x"]}}}, "sigma"),
        ({"change": {"gaussian-blur": {"strong": 1}}}, "no such setting"),
        ({"add": ["sensor-nois"]}, "sensor-noise"),
    ],
)
def test_what_cannot_be_changed_is_said(settings, said):
    with pytest.raises(ConfigError, match=said):
        expand(**settings)
