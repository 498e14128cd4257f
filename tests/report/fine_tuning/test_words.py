"""Sentences on fine-tuning: what is sure by name, what is not together."""

from __future__ import annotations

from dataclasses import replace

from sslkit.report.fine_tuning.words import policy_sentences
from tests.report.fine_tuning.tuned_member import tuned_member


def test_sentences_name_what_is_sure_and_join_what_is_not() -> None:
    gains = {("all blocks", "all"): 0.1, ("head", "all"): -0.1} | {("x", b): 0.0 for b in ("all", "5", "1%")}
    fresh, *more, first, second = policy_sentences(tuned_member(gains))
    assert fresh.verdict == "won" and "compared with training from scratch, gains with" in fresh.text
    assert len(more) == 2  # with fewer labels too all policies beat it
    assert first.verdict == "won"
    assert "With all labels fine-tuning byol" in first.text
    assert (
        "gains with all blocks (+10.0 points" in first.text and "loses with head (−10.0 points" in first.text
    )
    assert "x is not distinguishable from it" in first.text
    assert second.verdict == "even"
    assert "With 1\u00a0% of the labels and 5 labels per class no policy of fine-tuning byol" in second.text


def test_what_only_loses_is_lost() -> None:
    *_, said = policy_sentences(tuned_member({("head", "all"): -0.1}))
    assert said.verdict == "lost" and "compared with its linear probe, loses with head" in said.text


def test_one_seed_concludes_nothing() -> None:
    member = tuned_member({("a", "all"): 0.3})
    fresh, said = policy_sentences(replace(member, rows=[row for row in member.rows if row["seed"] == 0]))
    assert said.verdict == "open" and "nothing can be concluded" in said.text
    assert "against training from scratch" in fresh.text and "against its linear probe" in said.text


def test_without_fine_tuning_nothing_is_said() -> None:
    member = tuned_member({("a", "all"): 0.05})
    rows = [row for row in member.rows if row["evaluator"] != "a"]
    assert policy_sentences(replace(member, facts={}, rows=rows)) == []
