"""Settings and figures in words."""

from __future__ import annotations

import pytest

from sslkit.plugins import load_registry
from sslkit.previews.augmentations import PreviewedAugmentation
from sslkit.previews.measures import ViewMeasures
from sslkit.previews.words import measure_words, percent_words, setting_words, shape_words, use_words
from sslkit.types import ComponentSpec

ENTRY = load_registry(())[0].entry("augmentation", "jitter")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.123456, "0.123"), (None, "none"), (True, "yes"), (False, "no"), (3, "3"), ("a", "a"),
        ([1, 2.5, [None]], "[1, 2.5, [none]]"), ((0.1, 1e-7), "[0.1, 1e-07]"),
    ],
)  # fmt: skip
def test_settings(value: object, words: str) -> None:
    assert setting_words(value) == words


@pytest.mark.parametrize(
    ("uses", "pipelines", "words"),
    [
        ([(1, 1.0)], 1, "all views, every sample"),
        ([(1, 0.25)], 1, "all views, 25 % of samples"),
        ([(1, 0.5), (2, 0.5)], 2, "all views, 50 % of samples"),
        ([(1, 0.5), (2, 1.0)], 2, "view 1, 50 % of samples; view 2, every sample"),
        ([(2, 0.125)], 2, "view 2, 12.5 % of samples"),
    ],
)
def test_where_and_how_often(uses: list[tuple[int, float]], pipelines: int, words: str) -> None:
    previewed = PreviewedAugmentation(
        ENTRY, ComponentSpec("augmentation", "jitter", {}), lambda spec: spec, (), uses
    )
    assert use_words(previewed, pipelines) == words


def test_measures_and_shapes() -> None:
    assert measure_words(ViewMeasures(0.456, 0.9)) == {"moved": "0.46", "kept": "90 %"}
    assert measure_words(ViewMeasures(float("nan"), None)) == {"moved": "nan", "kept": ""}
    assert (percent_words(0.005), percent_words(None)) == ("0 %", "")
    assert shape_words((3, 32, 32)) == "3×32×32"
