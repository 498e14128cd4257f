"""Comparisons whose answer is known beforehand, through the very functions that write the verdict."""

from __future__ import annotations

import numpy as np
import pytest

from sslkit.comparison.report.words import Sentence, verdicts
from tests.comparison.report.fake_member import fake_member

TEST_SAMPLES = 1500  # an accuracy is a count of these
SPREAD = 0.01  # of a method's figures over seeds


def sentence(random: np.random.Generator, seeds: int, means: dict[str, float], shared: float = 0.0) -> Sentence:
    """What the verdict says of byol. ``shared``: share of the variance that all methods have in common."""
    common = random.normal(size=seeds) * np.sqrt(shared)
    figures = {}
    for method, mean in means.items():
        values = mean + SPREAD * (common + random.normal(size=seeds) * np.sqrt(1 - shared))
        figures[method] = (np.round(values * TEST_SAMPLES) / TEST_SAMPLES).tolist()
    return verdicts(fake_member(figures))[0].sentences[0]


def told_apart(said: Sentence, other: str) -> bool:
    """Whether byol and ``other`` are told apart: not within a clause that ends in 'not distinguishable'."""
    return not any(other in clause and "not distinguishable" in clause for clause in said.text.split("; "))


USUAL = {"byol": 0.80, "simclr": 0.80, "random": 0.60, "handcrafted": 0.70, "supervised": 0.72}
ALONE = {"byol": 0.80, "simclr": 0.80}


@pytest.mark.parametrize("seeds", [3, 5, 8])
def test_two_copies_of_a_method_are_not_distinguishable(seeds: int) -> None:
    random = np.random.default_rng(seeds)
    said = [sentence(random, seeds, USUAL, shared=0.5) for _ in range(400)]
    wrong = sum(told_apart(item, "simclr") for item in said)
    assert wrong <= 0.06 * 400
    assert wrong > 0  # a method that never finds anything would be no method
    assert sum("over the random-init encoder" in item.text for item in said) > 0.95 * 400


def test_without_others_two_copies_are_told_apart_as_seldom_as_promised() -> None:
    random = np.random.default_rng(0)
    wrong = sum(told_apart(sentence(random, 5, ALONE), "simclr") for _ in range(1000))
    assert 0.03 * 1000 < wrong < 0.065 * 1000


def test_equal_baselines_are_no_gain_either() -> None:
    random = np.random.default_rng(1)
    said = [sentence(random, 5, dict.fromkeys(USUAL, 0.8)) for _ in range(400)]
    assert sum(item.verdict != "even" or "gains" in item.text for item in said) <= 0.06 * 400


@pytest.mark.parametrize(("seeds", "power"), [(3, 0.4), (5, 0.97)])
def test_a_planted_gain_of_five_points_is_found(seeds: int, power: float) -> None:
    random = np.random.default_rng(seeds)
    planted = {**USUAL, "byol": 0.85, "supervised": 0.80, "handcrafted": 0.85}
    said = [sentence(random, seeds, planted) for _ in range(200)]
    found = [
        "over supervised training" in item.text.replace(" and ", " over ")
        and not any("supervised" in clause and "not dist" in clause for clause in item.text.split("; "))
        for item in said
    ]
    assert np.mean(found) >= power


def test_what_lost_to_random_features_is_said_to_have_lost() -> None:
    random = np.random.default_rng(2)
    said = [sentence(random, 5, {**USUAL, "byol": 0.55}) for _ in range(100)]
    lost = [item.verdict == "lost" and "lost to the random-init encoder by" in item.text for item in said]
    assert np.mean(lost) > 0.9
    assert not any("gains" in item.text for item in said)
