"""What a reader is told on fine-tuning, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sslkit.report.figures import label_budgets
from sslkit.report.figures.words import Sentence, interval_words, listed, signed_points
from sslkit.report.fine_tuning.policies import (
    PolicyKey,
    fine_tuned_methods,
    policies,
    policy_budgets,
    policy_differences,
    probe_figures,
    scratch_figures,
)
from sslkit.report.members import Member
from sslkit.statistics import Difference


def policy_sentences(member: Member) -> list[Sentence]:
    """For each objective and budget: which policies are better than training from scratch, and than the frozen encoder.

    Budgets at which none differs share a sentence.
    """
    return [
        said
        for other, words in ((scratch_figures, "training from scratch"), (probe_figures, "its linear probe"))
        for said in _sentences(member, policy_differences(member, other), words)
    ]


def _sentences(
    member: Member, found: Mapping[PolicyKey, Difference | None], other: str
) -> Iterator[Sentence]:
    for method in (name for name in fine_tuned_methods(member) if name in member.objectives):
        nothing: dict[str, Difference] = {}
        for labels in policy_budgets(member):
            own = {name: item for name in policies(member) if (item := found.get((method, name, labels)))}
            if any(item.outcome in ("won", "lost") for item in own.values()):
                yield _sentence(method, labels, own, other)
            elif own:
                nothing[labels] = max(own.values(), key=lambda item: item.n)
        if nothing:
            yield _nothing(method, nothing, other)


def _nothing(method: str, at: Mapping[str, Difference], other: str) -> Sentence:
    """No policy differs from the other with so many labels."""
    budgets_said, n = listed(map(label_budgets.sentence_text, at)), max(item.n for item in at.values())
    if n == 1:
        return Sentence(
            "open",
            f"From one seed nothing can be concluded on fine-tuning {method} against {other} with {budgets_said}.",
        )
    words = f"With {budgets_said} no policy of fine-tuning {method} is distinguishable from {other}"
    return Sentence("even", f"{words} (n = {n} seeds).")


def _sentence(method: str, labels: str, own: Mapping[str, Difference], other: str) -> Sentence:
    won, lost = ({k: v for k, v in own.items() if v.outcome == outcome} for outcome in ("won", "lost"))
    clauses = [f"{verb} with {_amounts(some)}" for verb, some in (("gains", won), ("loses", lost)) if some]
    even = [name for name in own if name not in won and name not in lost]
    if even:
        are = "is" if len(even) == 1 else "are"
        clauses.append(f"{listed(even)} {are} not distinguishable from it")
    said = "; ".join(clauses)
    text = f"With {label_budgets.sentence_text(labels)} fine-tuning {method}, compared with {other}, {said}"
    return Sentence("won" if won else "lost", f"{text} (n = {max(item.n for item in own.values())} seeds).")


def _amounts(some: Mapping[str, Difference]) -> str:
    """``all (+3.1, +1.2 … +5.0)``, the largest first."""
    ordered = sorted(some.items(), key=lambda pair: -abs(pair[1].mean))
    return listed(
        f"{name} ({signed_points(item.mean)}{' points' if not place else ''}, "
        f"{interval_words(item.interval)})"
        for place, (name, item) in enumerate(ordered)
    )
