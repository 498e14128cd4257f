"""The section of one data set: what is measured, said and drawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from sslkit.assembly import Prepared
from sslkit.augment.sensors.jitter import Jitter
from sslkit.errors import SSLKitError
from sslkit.pages.svg import SvgWriter
from sslkit.previews.section import PreviewSection
from sslkit.randomness import generator
from sslkit.types import ComponentSpec, SampleSpec

MakePrepared = Callable[..., Prepared]


def made(prepared: Prepared) -> tuple[PreviewSection, dict[str, Any], list[str]]:
    told: list[str] = []
    with torch.no_grad():
        section = PreviewSection(prepared, 2, SvgWriter(), told.append)
        return section, section.content(), told


def test_facts_cards_and_progress(prepared_with: MakePrepared) -> None:
    _, content, told = made(prepared_with())
    assert content["facts"] == [
        f"{len(prepared_with().splits.train):,} training samples", "sensor 3×33", "2 classes", "front end standardise",
        "views: as listed in the config", "seed 0",
    ]  # fmt: skip
    assert [card["name"] for card in content["cards"]] == ["jitter", "scaling"]
    assert [card["anchor"] for card in content["cards"]] == ["data-2-1", "data-2-2"]
    assert [words.partition(": ")[2] for words in told] == ["jitter", "scaling", "whole views"]
    assert (content["kind"], content["labelled"], content["anchor"]) == ("signals", True, "data-2")


def test_measures_of_a_card_are_of_the_augmentation_at_that_strength(prepared_with: MakePrepared) -> None:
    prepared = prepared_with(views=[{"name": "scaling", "sigma": 1.0}])
    section, content, _ = made(prepared)
    (card,) = content["cards"]
    assert [column["changed"]["sigma"] for column in card["columns"]] == ["0.5", "1", "2"]
    assert [column["configured"] for column in card["columns"]] == [False, True, False]
    features, y = section.samples.features, section.samples.y
    flat = features.flatten(1).numpy()
    apart = np.linalg.norm(flat[:, None] - flat[None], axis=2)[y[:, None] != y[None]]
    for column, sigma in zip(card["columns"], (0.5, 1.0, 2.0), strict=True):
        scaling = prepared.registry.build(
            ComponentSpec("augmentation", "scaling", {"sigma": sigma, "p": 1.0})
        )
        view = scaling(features, generator(0, "preview", "scaling")).flatten(1).numpy()
        moved = np.median(np.linalg.norm(view - flat, axis=1)) / np.median(apart)
        assert float(column["moved"]) == pytest.approx(moved, abs=0.02)


def test_strength_that_only_makes_more_frequent_is_applied_once(prepared_with: MakePrepared) -> None:
    _, content, _ = made(prepared_with(views=[{"name": "negate", "p": 0.4}]))
    (card,) = content["cards"]
    assert card["how_often"] and [column["caption"] for column in card["columns"]] == ["applied"]
    assert card["used"] == "all views, 40 % of samples"


def test_whole_views_are_two_draws_of_each_view(prepared_with: MakePrepared) -> None:
    views = {"view_1": [{"name": "jitter"}], "view_2": [{"name": "negate", "p": 1.0}]}
    section, content, _ = made(prepared_with(views=views))
    row = content["whole"]["rows"][0]
    assert [cell["caption"] for cell in row["cells"]] == [
        "original", "view 1", "view 2", "view 1, again", "view 2, again",
    ]  # fmt: skip
    drawings = [cell["drawing"] for cell in row["cells"]]
    assert drawings[2] == drawings[4] and drawings[1] != drawings[3]  # negation draws nothing
    assert len(content["whole"]["rows"]) == section.samples.shown == 4
    assert [column["caption"] for column in content["whole"]["columns"]] == ["view 1", "view 2"]


def test_a_strength_that_does_not_go_is_said_and_the_others_are_shown(
    prepared_with: MakePrepared, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Jitter, spec: SampleSpec) -> None:
        if self.sigma > 0.2:
            raise SSLKitError("jitter cannot")

    prepared = prepared_with(views=[{"name": "jitter", "sigma": 0.2}])
    monkeypatch.setattr(Jitter, "check", refuse)
    _, content, _ = made(prepared)
    (card,) = content["cards"]
    assert card["failed"] == ["2×: jitter cannot"]
    assert [column["caption"] for column in card["columns"]] == ["0.5×", "1×"]
    assert [len(row["cells"]) for row in card["rows"]] == [3, 3, 3]
