"""Sentences: they say what the intervals say, no more."""

from __future__ import annotations

from sslkit.report.figures.columns import columns_of
from sslkit.report.verdict.words import lost_words, rank_sentence, verdict_answers
from sslkit.statistics import RankComparison
from tests.report.fake_member import fake_member

SEEDS = {
    "byol": [0.80, 0.81, 0.79],
    "simclr": [0.805, 0.79, 0.80],
    "random": [0.600, 0.611, 0.592],
    "handcrafted": [0.90, 0.911, 0.892],
    "supervised": [0.70, 0.80, 0.90],
}


def test_one_plain_sentence_a_question() -> None:
    (answer,) = verdict_answers(fake_member(SEEDS))
    assert answer.condition == "With all labels"
    byol, simclr = answer.sentences
    assert byol.verdict == "lost"
    assert byol.text == (
        "With all labels byol lost to handcrafted features by 10.1 ± 0.2 points and gains 19.9 ± 0.2 over the "
        "random-init encoder; its differences from supervised training from scratch (0.0 ± 26.2) and simclr "
        "(+0.2 ± 4.0) are not distinguishable (n = 3 seeds)."
    )
    assert simclr.text.startswith("With all labels simclr lost to handcrafted features by 10.3 ± 4.0 points")
    member = fake_member(SEEDS)
    assert lost_words(member, columns_of(member)[0]) == "byol lost to handcrafted; simclr lost to handcrafted"


def test_the_issues_own_sentence() -> None:
    figures = {
        "byol": [0.700, 0.712, 0.688, 0.705, 0.695],
        "simclr": [0.690, 0.715, 0.692, 0.690, 0.693],
        "supervised": [0.625, 0.633, 0.630, 0.631, 0.626],
    }
    (_, few) = verdict_answers(fake_member(figures, labels=("all", "10", "5")))
    assert few.sentences[0].text == (
        "With 10 labels per class byol gains 7.1 ± 1.0 points over supervised training from scratch; its difference "
        "from simclr, +0.4 ± 1.0, is not distinguishable (n = 5 seeds)."
    )
    assert few.sentences[0].verdict == "won"


def test_what_does_not_survive_the_correction_is_no_gain() -> None:
    figures = {"byol": [0.50, 0.52, 0.49], "random": [0.48, 0.49, 0.47]}
    alone = verdict_answers(fake_member(figures))[0].sentences[0]
    assert (
        alone.text
        == "With all labels byol gains 2.3 ± 1.4 points over the random-init encoder (n = 3 seeds)."
    )
    more = {**figures, "handcrafted": [0.5, 0.51, 0.5], "supervised": [0.5, 0.53, 0.49]}
    among = verdict_answers(fake_member(more))[0].sentences[0]
    assert among.verdict == "even"
    assert (
        "difference from the random-init encoder, +2.3 ± 1.4, is not distinguishable after correction"
        in among.text
    )


def test_one_seed_judges_nothing() -> None:
    (answer,) = verdict_answers(fake_member({"byol": [0.9], "random": [0.2], "handcrafted": [0.95]}))
    (sentence,) = answer.sentences
    assert sentence.verdict == "open"
    assert sentence.text == (
        "With all labels byol is 70.0 points above the random-init encoder and 5.0 below handcrafted features, but "
        "nothing can be concluded from one seed (n = 1 seed)."
    )


def test_seeds_that_only_one_has_are_no_pair() -> None:
    member = fake_member({"byol": [0.9, 0.8]})
    member.rows.extend({**row, "objective": "random", "seed": row["seed"] + 2} for row in list(member.rows))
    assert verdict_answers(member) == []


def test_many_seeds_give_a_lopsided_interval_in_words() -> None:
    skewed = [0.5 + 0.3 * (index % 10 == 0) for index in range(60)]
    (answer,) = verdict_answers(fake_member({"byol": skewed, "random": [0.4] * 60}))
    assert "gains 13.0 (11.0 to 15.5) points over" in answer.sentences[0].text


def test_ranks_in_words() -> None:
    ranks = {"byol": 1.0, "simclr": 2.2, "random": 2.8}
    told = rank_sentence("With all labels", RankComparison(ranks, 5, 0.0004, 1.48, [("simclr", "random")]))
    assert told.text.endswith(
        "byol is better than simclr and random (Friedman p < .001, critical difference 1.48)."
    )
    even = rank_sentence("With all labels", RankComparison(ranks, 3, 0.2, 1.91, [tuple(ranks)]))
    assert even.verdict == "even"
    assert "no method is distinguishable from any other (Friedman p = .20)" in even.text
