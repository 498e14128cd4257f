"""What fine-tuning policies reached, and by how much they differ from the probe and from training from scratch."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sslkit.report.grid.variants import compared
from sslkit.report.read import Member
from sslkit.report.results import label_budgets, summaries
from sslkit.statistics import Difference

Figures = Mapping[int, float]  # seed → the primary metric
Key = tuple[str, str, str]  # method, policy, labels
Reference = Callable[[Member, str, str], Figures]  # of a method with so many labels


def tuned_methods(member: Member) -> list[str]:
    """Methods whose network was trained on by an evaluator."""
    return [
        method
        for method in member.methods
        if any(
            (method, policy, labels) in member.figures
            for policy in policies(member)
            for labels in budgets(member)
        )
    ]


def policies(member: Member) -> list[str]:
    """Evaluators that train the network, in the config's order."""
    return list(member.network_evaluators)


def budgets(member: Member) -> list[str]:
    """Label budgets that a policy has figures of, the fewest labels first."""
    found = {labels for _, evaluator, labels in member.figures if evaluator in policies(member)}
    return sorted(found, key=lambda labels: (label_budgets.label_order(member, labels), labels))


def probe(member: Member, method: str, labels: str) -> Figures:
    """The method's frozen encoder with the linear probe."""
    return member.figures.get((method, summaries.PROBE, labels), {})


def scratch(member: Member, method: str, labels: str) -> Figures:
    """The supervised baseline's figures, whatever the method."""
    found = (member.figures.get((name, summaries.END_TO_END, labels), {}) for name in member.baselines)
    return next(filter(None, found), {})


def differences(member: Member, other: Reference) -> dict[Key, Difference | None]:
    """``(method, policy, labels)`` → its difference from ``other``'s figures; corrected for each budget."""
    found: dict[Key, Difference | None] = {}
    for labels in budgets(member):
        keys = [(method, policy, labels) for method in tuned_methods(member) for policy in policies(member)]
        pairs = [(member.figures.get(key, {}), other(member, key[0], labels)) for key in keys]
        found |= dict(zip(keys, compared(pairs), strict=True))
    return found
