"""A collapsed encoder is called collapsed, whatever tells of it: figures or alarms."""

from __future__ import annotations

from sslkit.evaluation.geometry import collapse_alarms, projection_alarms
from sslkit.report.members import RunRecord
from sslkit.report.verdict.collapse import collapse_sentences
from tests.report.fake_member import fake_member

CLASSES = ("a", "b", "c", "d")


def test_rank_one_and_accuracy_at_chance() -> None:
    member = fake_member(
        {"byol": [0.25, 0.25, 0.25], "random": [0.6, 0.61, 0.62]},
        classes=CLASSES,
        geometry={"byol": [1.0, 1.0, 1.1], "random": [30.0, 31.0, 32.0]},
    )
    (said,) = collapse_sentences(member)
    assert said.verdict == "lost"
    assert said.text == (
        "byol has collapsed in all 3 seeds: effective rank 1.0, 1.0 and 1.1, all samples get nearly the same features. "
        "With all labels its accuracy there is 25.0 %; guessing gives 25.0 %."
    )


def test_one_seed_of_three_by_its_alarm() -> None:
    words = collapse_alarms({"feature_std": 1e-6, "effective_rank": 1.0}, dim=128)
    runs = [RunRecord("byol", seed, alarms=tuple(words) if seed == 2 else ()) for seed in range(3)]
    (said,) = collapse_sentences(fake_member({"byol": [0.8, 0.8, 0.3]}, runs=runs))
    assert said.text.startswith(
        "byol has collapsed in 1 of 3 seeds (seed 2). With all labels its accuracy there is 30.0 %"
    )


def test_projections_that_collapsed_are_told_from_encoders() -> None:
    (said,) = collapse_sentences(
        fake_member({"byol": [0.8]}, runs=[RunRecord("byol", 0, alarms=tuple(projection_alarms(0.01)))])
    )
    assert said.text == "The projections of byol have collapsed in its only seed: it stopped learning."


def test_healthy_encoders_are_not_mentioned() -> None:
    member = fake_member(
        {"byol": [0.8, 0.8]},
        geometry={"byol": [20.0, 2.1]},
        runs=[RunRecord("byol", 0), RunRecord("byol", 1)],
    )
    assert collapse_sentences(member) == []
