"""What the numbers say: sentences for the verdict, the sections and the overview."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sslkit.comparison.report.read import Member
from sslkit.comparison.report.tables import (
    Column,
    Outcome,
    Pair,
    asked_columns,
    columns_of,
    pair,
    pairs,
    signed_points,
)
from sslkit.comparison.statistics import BASELINES

_PHRASES: dict[Outcome, str] = {  # in the order in which they are said: bad news first
    "lost": "lost to",
    "open": "cannot be judged with one seed against",
    "even": "shows no clear benefit over",
    "won": "beats",
}


@dataclass(frozen=True)
class Sentence:
    """A finding in words; ``verdict`` picks its sign."""

    verdict: Outcome
    text: str


@dataclass(frozen=True)
class Answer:
    """What was found under one condition (``With all labels``)."""

    condition: str
    sentences: list[Sentence]


def verdicts(member: Member) -> list[Answer]:
    """With all labels and with the fewest: objectives against each other, then each against the baselines."""
    answers = []
    for column in asked_columns(member):
        found = pairs(member, column)
        said = [
            Sentence(item.outcome, item.sentence) for item in found if item.second not in member.baselines
        ]
        for objective in member.objectives:
            own = [item for item in found if item.first == objective and item.second in member.baselines]
            said += [_against_baselines(own)] if own else []
        if said:
            answers.append(Answer(column.condition, said))
    return answers


def _against_baselines(found: Sequence[Pair]) -> Sentence:
    """One sentence on an objective against all baselines; what it lost is said first."""
    parts = []
    for outcome, phrase in _PHRASES.items():
        words = [
            f"{BASELINES.get(item.second, item.second)} ({signed_points(item.difference.mean)})"
            for item in found
            if item.outcome == outcome
        ]
        if words:
            parts.append(f"{phrase} {_listed(words)}")
    overall = min((item.outcome for item in found), key=list(_PHRASES).index)
    n = min(item.difference.n for item in found)
    return Sentence(overall, f"{found[0].first} {_listed(parts)} (points, n = {n}).")


def all_sentences(member: Member) -> list[Sentence]:
    """Every paired difference in words."""
    return [
        Sentence(item.outcome, f"{column.group}, {_lower(column.condition)}: {item.sentence}")
        for column in columns_of(member)
        for item in pairs(member, column)
    ]


def lost_words(member: Member, column: Column) -> str:
    """Which objectives did not beat which baselines, for the overview."""
    words = []
    for objective in member.objectives:
        found = [pair(member, objective, name, column) for name in member.baselines]
        lost = [item.second for item in found if item is not None and item.outcome == "lost"]
        if lost:
            words.append(f"{objective} lost to {_listed(lost)}")
    return "; ".join(words)


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _listed(words: Iterable[str]) -> str:
    *start, last = words
    return f"{', '.join(start)} and {last}" if start else last
