"""The critical-difference diagram: drawn where it can be, and why not where it cannot."""

from __future__ import annotations

import re
from pathlib import Path

from sslkit.pages.palette import method_styles
from sslkit.pages.svg import SvgWriter
from sslkit.report.members import Comparison, Member
from sslkit.report.verdict.ranks import draw_ranks, no_ranking_words, rankings
from tests.report.fake_member import fake_member

METHODS = {"byol": [0.8, 0.82], "simclr": [0.7, 0.71], "random": [0.5, 0.52]}


def comparison(members: list[Member]) -> Comparison:
    return Comparison("c", Path("c"), {}, members)


def test_methods_that_all_data_sets_have_are_ranked_by_their_means() -> None:
    members = [fake_member(METHODS, name=f"d{index}", labels=("all", "10")) for index in range(3)]
    members[0] = fake_member({**METHODS, "handcrafted": [0.9]}, name="more", labels=("all", "10"))
    every, few = rankings(comparison(members))
    assert (every.column.labels, few.column.labels) == ("all", "10")
    assert every.found.ranks == {"byol": 1.0, "simclr": 2.0, "random": 3.0}
    assert every.found.n == 3


def test_conditions_that_one_data_set_lacks_are_left_out() -> None:
    members = [fake_member(METHODS, name=f"d{index}", labels=("all", "10")) for index in range(2)]
    (every,) = rankings(comparison([*members, fake_member(METHODS, name="d2")]))
    assert every.column.labels == "all"


def test_it_says_why_there_is_none() -> None:
    two = comparison([fake_member(METHODS, name=f"d{index}") for index in range(2)])
    assert rankings(two) == []
    assert no_ranking_words(two).endswith(
        "3 methods with figures on each of 3 data sets; here are 2 data sets."
    )
    few = comparison([fake_member({"byol": [0.8], "random": [0.5]}, name=f"d{index}") for index in range(4)])
    assert rankings(few) == []
    assert "here are fewer methods" in no_ranking_words(few)


def test_the_picture_names_every_method_and_joins_those_alike() -> None:
    (ranking,) = rankings(comparison([fake_member(METHODS, name=f"d{index}") for index in range(3)]))
    picture = draw_ranks(ranking.found, method_styles(list(METHODS)), SvgWriter())
    text = " ".join(re.findall(r">([^<]+)</text>", picture))
    assert "byol 1.0" in text
    assert "3.0 random" in text
    assert "critical difference 1.91" in text
    assert len(re.findall(r"stroke-width: 4", picture)) == len(ranking.found.cliques) == 2
