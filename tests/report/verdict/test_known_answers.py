"""Comparisons whose answer is known beforehand, through the very functions that write the verdict."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sslkit.report.figures.words import Sentence
from sslkit.report.verdict.words import verdict_answers
from tests.report.fake_member import fake_member

TEST_SAMPLES = 1500  # an accuracy is a count of these
SPREAD = 0.01  # of a method's figures over seeds
USUAL = {"byol": 0.80, "simclr": 0.80, "random": 0.60, "handcrafted": 0.70, "supervised": 0.72}
PLANTED = {**USUAL, "byol": 0.85, "handcrafted": 0.85, "supervised": 0.80}
QUESTIONS = ("all", "10")


def simulated(
    random: np.random.Generator, seeds: int, means: dict[str, float], shared: float = 0.5
) -> list[Sentence]:
    """What the verdict says of byol with all labels and with 10 per class.

    ``shared``: share of the variance over seeds that all methods have in common.
    """
    members = []
    for labels in QUESTIONS:
        common = random.normal(size=seeds) * np.sqrt(shared)
        own = random.normal(size=(len(means), seeds)) * np.sqrt(1 - shared)
        values = np.array(list(means.values()))[:, None] + SPREAD * (common + own)
        rounded = np.round(values * TEST_SAMPLES) / TEST_SAMPLES
        members.append(fake_member(dict(zip(means, rounded.tolist(), strict=True)), labels=(labels,)))
    rows = [row for member in members for row in member.rows]
    answers = verdict_answers(replace(members[0], rows=rows))
    assert len(answers) == len(QUESTIONS)
    return [answer.sentences[0] for answer in answers]


def told_apart(said: Sentence, other: str) -> bool:
    """Whether byol and ``other`` are told apart: ``other`` is in no clause that ends in 'not distinguishable'."""
    assert other in said.text
    return not any(other in clause and "not distinguishable" in clause for clause in said.text.split("; "))


def gains_over(said: Sentence, other: str) -> bool:
    first = said.text.split(";")[0]
    return "gains" in first and other in first.split("gains")[1] and "not dist" not in first


@pytest.mark.parametrize("seeds", [3, 5, 8])
def test_two_copies_of_a_method_are_not_distinguishable(seeds: int) -> None:
    random = np.random.default_rng(seeds)
    said = [simulated(random, seeds, USUAL) for _ in range(300)]
    wrong = np.array([[told_apart(sentence, "simclr") for sentence in both] for both in said])
    assert (wrong.mean(axis=0) <= 0.06).all()  # in either question
    assert wrong.any(axis=1).mean() <= 0.06  # in the whole verdict
    assert np.mean([gains_over(sentence, "random-init") for both in said for sentence in both]) > 0.9


def test_two_copies_alone_are_told_apart_as_seldom_as_promised() -> None:
    random = np.random.default_rng(0)
    said = [simulated(random, 5, {"byol": 0.8, "simclr": 0.8}) for _ in range(600)]
    wrong = np.mean([any(told_apart(sentence, "simclr") for sentence in both) for both in said])
    assert 0.02 < wrong <= 0.06  # seldom, but not by never finding anything


def test_baselines_that_are_equal_are_no_gain() -> None:
    random = np.random.default_rng(1)
    said = [simulated(random, 5, dict.fromkeys(USUAL, 0.8)) for _ in range(200)]
    wrong = [any(item.verdict != "even" or "gains" in item.text for item in both) for both in said]
    assert np.mean(wrong) <= 0.06


@pytest.mark.parametrize(("seeds", "shared", "power"), [(3, 0.0, 0.1), (5, 0.0, 0.92), (5, 0.5, 0.98)])
def test_a_planted_gain_of_five_points_is_found(seeds: int, shared: float, power: float) -> None:
    random = np.random.default_rng(seeds)
    said = [simulated(random, seeds, PLANTED, shared) for _ in range(100)]
    found = [gains_over(sentence, "supervised training") for both in said for sentence in both]
    assert np.mean(found) >= power


def test_what_lost_to_random_features_is_said_to_have_lost() -> None:
    random = np.random.default_rng(2)
    said = [item for _ in range(50) for item in simulated(random, 5, {**USUAL, "byol": 0.55})]
    lost = [item.verdict == "lost" and "to the random-init encoder by" in item.text for item in said]
    assert np.mean(lost) > 0.9
    assert not any("gains" in item.text for item in said)
