"""What the numbers say: one plain sentence a question, bad news first."""

from __future__ import annotations

from collections.abc import Sequence

from sslkit.report.figures.columns import Column, asked_columns
from sslkit.report.figures.differences import MethodDifference, method_differences
from sslkit.report.figures.words import Answer, Sentence, listed, method_words, p_words, signed_points
from sslkit.report.members import BASELINES, Member
from sslkit.statistics import Difference, Outcome, RankComparison

SCOPE = (
    "± is the 95 % interval over n paired seeds, each the mean of its draws of labels, on one split: another choice of "
    "test samples is not covered. A difference counts where it holds after Holm's correction for all comparisons in "
    "its data set's verdict; with 3 seeds only large and steady ones do, 5 seeds find far more."
)


def verdict_answers(member: Member) -> list[Answer]:
    """Did pre-training help, and which method is better? A sentence for each objective: all labels, then few."""
    answers = []
    for column in asked_columns(member):
        found = method_differences(member, column)
        own = ([item for item in found if item.first == name] for name in member.objectives)
        said = [verdict_sentence(some, member.baselines) for some in own if some]
        if said:
            answers.append(Answer(column.condition, said))
    return answers


def verdict_sentence(
    found: Sequence[MethodDifference], baselines: Sequence[str] = tuple(BASELINES)
) -> Sentence:
    """One sentence on one objective under one condition.

    Args:
        found: its differences from others, corrected as one family.
        baselines: those of the others that it should beat.
    """
    name, condition = found[0].first, found[0].column.condition
    # Whether pre-training helped, with the same labels, is asked before which method is better.
    found = sorted(found, key=lambda item: (item.second != "supervised", item.second not in baselines))
    lost, won, opened = (
        [item for item in found if item.outcome == outcome] for outcome in ("lost", "won", "open")
    )
    clauses: list[str] = []
    if lost:
        amounts = [f"to {method_words(item.second)} by {_amount(item)}" for item in lost]
        clauses.append(f"lost {listed(amounts)}{_points(clauses)}")
    if won:
        amounts = [
            f"{_amount(item)}{_points(clauses) if not i else ''} over {method_words(item.second)}"
            for i, item in enumerate(won)
        ]
        clauses.append(f"gains {listed(amounts)}")
    if opened:
        clauses.append(_open_clause(opened))
    text = f"{condition} {name} {listed(clauses)}" if clauses else ""
    for held_alone in (False, True):
        even = [
            item for item in found if item.outcome == "even" and item.difference.leaves_zero_out == held_alone
        ]
        if even:
            text += _even_clause(even, held_alone, "; its" if text else f"{condition} {name}'s", not text)
    return Sentence(_overall(found, baselines), f"{text} ({_seeds(found)}).")


def _even_clause(even: Sequence[MethodDifference], held_alone: bool, whose: str, first: bool) -> str:
    unit = " points" if first else ""
    if len(even) == 1:
        words = f"{whose} difference from {method_words(even[0].second)}, {_amount(even[0], signed=True)}{unit}, is"
    else:
        amounts = [
            f"{method_words(item.second)} ({_amount(item, signed=True)}{unit if not i else ''})"
            for i, item in enumerate(even)
        ]
        words = f"{whose} differences from {listed(amounts)} are"
    return f"{words} not distinguishable{' after correction' if held_alone else ''}"


def _open_clause(found: Sequence[MethodDifference]) -> str:
    amounts = [
        f"{100 * abs(item.difference.mean):.1f}{' points' if not i else ''} "
        f"{'above' if item.difference.mean >= 0 else 'below'} {method_words(item.second)}"
        for i, item in enumerate(found)
    ]
    return f"is {listed(amounts)}, but nothing can be concluded from one seed"


def _overall(found: Sequence[MethodDifference], baselines: Sequence[str]) -> Outcome:
    """``lost`` where anything was lost, ``won`` where every baseline was beaten (every other, without any)."""
    outcomes = {item.outcome for item in found}
    if "lost" in outcomes:
        return "lost"
    asked = {item.outcome for item in found if item.second in baselines} or outcomes
    return "open" if "open" in asked else "won" if asked == {"won"} else "even"


def lost_words(member: Member, column: Column) -> str:
    """Which objectives did not beat which baselines, for the overview."""
    found = method_differences(member, column)
    words = []
    for objective in member.objectives:
        own = [item for item in found if item.first == objective and item.second in member.baselines]
        lost = [item.second for item in own if item.outcome == "lost"]
        if lost:
            words.append(f"{objective} lost to {listed(lost)}")
    return "; ".join(words)


def rank_sentence(condition: str, found: RankComparison) -> Sentence:
    """Which methods differ over all data sets."""
    ordered = listed(f"{name} ({rank:.1f})" for name, rank in found.ranks.items())
    text = f"{condition}, over {found.n} data sets the mean ranks are {ordered}"
    tested = f"Friedman p = {p_words(found.p)}".replace("= <", "< ")
    if found.cliques == [tuple(found.ranks)]:
        return Sentence("even", f"{text}: no method is distinguishable from any other ({tested}).")
    best = next(iter(found.ranks))
    alike = next((set(clique) for clique in found.cliques if best in clique), {best})
    beaten = [name for name in found.ranks if name not in alike]
    return Sentence(
        "won",
        f"{text}: {best} is better than {listed(beaten)} ({tested}, critical difference "
        f"{found.critical_difference:.2f}).",
    )


def _amount(item: MethodDifference, signed: bool = False) -> str:
    """``7.1 ± 1.3``; ``7.1 (5.9 to 8.6)`` where the interval is lopsided."""
    found: Difference = item.difference
    mean = signed_points(found.mean) if signed else f"{100 * abs(found.mean):.1f}"
    assert found.interval is not None
    low, high = found.interval
    half = (high - low) / 2
    if abs((high + low) / 2 - found.mean) > 0.02 * half:
        ends = sorted((low, high), key=abs) if not signed else (low, high)
        shown = [signed_points(end) if signed else f"{100 * abs(end):.1f}" for end in ends]
        return f"{mean} ({shown[0]} to {shown[1]})"
    return f"{mean} ± {100 * half:.1f}"


def _points(clauses: Sequence[str]) -> str:
    """The unit, said once a sentence."""
    return "" if clauses else " points"


def _seeds(found: Sequence[MethodDifference]) -> str:
    counts = sorted({item.difference.n for item in found})
    words = f"n = {counts[0]}" + (f" to {counts[-1]}" if len(counts) > 1 else "")
    return f"{words} seed{'s' * (counts[-1] > 1)}"
