from __future__ import annotations

from typing import Any

import pytest
import torch

from sslkit.plugins import load_registry
from sslkit.types import Augmentation, SampleSpec

NAMES = ("simclr", "simclr-small", "byol", "inspection")


def pipelines(name: str, shape: tuple[int, ...], **settings: Any) -> list[list[dict[str, Any]]]:
    return plain(name, SampleSpec("image", shape), settings)


def plain(name: str, spec: SampleSpec, settings: dict[str, Any]) -> list[list[dict[str, Any]]]:
    registry, _ = load_registry()
    problems: list = []
    recipe = registry.check("recipe", {"name": name, **settings}, "views", problems)
    assert not problems and recipe is not None
    return registry.build(recipe).pipelines(spec)


def built(pipeline: list[dict[str, Any]]) -> list[Augmentation]:
    registry, _ = load_registry()
    problems: list = []
    specs = [registry.check("augmentation", step, "views", problems) for step in pipeline]
    assert not problems
    return [registry.build(spec) for spec in specs if spec is not None]


def step(pipeline: list[dict[str, Any]], name: str) -> dict[str, Any] | None:
    return next((step for step in pipeline if step["name"] == name), None)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("shape", [(1, 28, 28), (3, 32, 32), (4, 33, 21), (13, 17, 17)])
def test_every_recipe_takes_any_channels(name: str, shape: tuple[int, ...]) -> None:
    spec = SampleSpec("image", shape)
    x = torch.rand(5, *shape, generator=torch.Generator().manual_seed(0))
    for pipeline in pipelines(name, shape):
        view = x
        for augmentation in built(pipeline):
            augmentation.check(spec)
            view = augmentation(view, torch.Generator().manual_seed(1))
        assert view.shape == x.shape and view.dtype == x.dtype
        assert view.min() >= 0 and view.max() <= 1
        assert not torch.equal(view, x)


def test_simclrs_values() -> None:
    (pipeline,) = pipelines("simclr", (3, 224, 224))
    assert [step["name"] for step in pipeline] == [
        "random-resized-crop",
        "color-jitter",
        "grayscale",
        "gaussian-blur",
    ]
    crop, jitter, grey, blur = pipeline
    assert crop["area"] == [0.08, 1.0] and crop["flip"] == 0.5
    assert [jitter[k] for k in ("brightness", "contrast", "saturation", "hue", "p")] == [
        0.8,
        0.8,
        0.8,
        0.2,
        0.8,
    ]
    assert grey["p"] == 0.2 and blur["p"] == 0.5


def test_simclr_on_small_images_has_half_the_jitter_and_no_blur() -> None:
    (pipeline,) = pipelines("simclr-small", (3, 32, 32))
    jitter = step(pipeline, "color-jitter")
    assert jitter is not None and step(pipeline, "gaussian-blur") is None
    assert [jitter[k] for k in ("brightness", "contrast", "saturation", "hue")] == [0.4, 0.4, 0.4, 0.1]


def test_byols_views_differ() -> None:
    first, second = pipelines("byol", (3, 224, 224))
    for pipeline in (first, second):
        jitter = step(pipeline, "color-jitter")
        assert jitter is not None
        assert [jitter[k] for k in ("brightness", "contrast", "saturation", "hue")] == [0.4, 0.4, 0.2, 0.1]
    assert (step(first, "gaussian-blur") or {})["p"] == 1.0 and step(first, "solarize") is None
    assert (step(second, "gaussian-blur") or {})["p"] == 0.1 and (step(second, "solarize") or {})["p"] == 0.2


def test_no_colour_where_there_is_none() -> None:
    for name in ("simclr", "byol"):
        for pipeline in pipelines(name, (1, 32, 32)):
            jitter = step(pipeline, "color-jitter")
            assert jitter is not None and step(pipeline, "grayscale") is None
            assert jitter["saturation"] == jitter["hue"] == 0 and jitter["brightness"] > 0


def test_strength_and_method_reach_the_jitter() -> None:
    (pipeline,) = pipelines("simclr", (3, 32, 32), color_strength=0.25, jitter="matrix")
    jitter = step(pipeline, "color-jitter")
    assert jitter is not None and jitter["method"] == "matrix"
    assert jitter["brightness"] == pytest.approx(0.2) and jitter["hue"] == pytest.approx(0.05)


def test_inspection_shows_what_a_line_does_and_nothing_that_looks_like_a_fault() -> None:
    (pipeline,) = pipelines("inspection", (1, 64, 64))
    names = [step["name"] for step in pipeline]
    for name in ("small-pose", "exposure", "illumination", "defocus", "motion-blur", "sensor-noise"):
        assert name in names
    for name in ("dust", "occlusion", "jpeg", "solarize", "grayscale", "color-jitter"):
        assert name not in names
    crop = step(pipeline, "random-resized-crop")
    assert crop is not None and crop["area"] == [0.3, 1.0]
