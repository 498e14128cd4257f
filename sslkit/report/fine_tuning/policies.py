"""What fine-tuning policies reached, and by how much they differ from the probe and from training from scratch."""

from __future__ import annotations

from collections.abc import Callable

from sslkit.report.figures import label_budgets
from sslkit.report.figures.columns import END_TO_END, PROBE, SeedFigures
from sslkit.report.figures.differences import corrected_differences
from sslkit.report.members import Member
from sslkit.statistics import Difference

PolicyKey = tuple[str, str, str]  # method, policy, labels
Reference = Callable[[Member, str, str], SeedFigures]  # of a method with so many labels


def fine_tuned_methods(member: Member) -> list[str]:
    """Methods whose network was trained on by an evaluator."""
    return [
        method
        for method in member.methods
        if any(
            (method, policy, labels) in member.figures
            for policy in policies(member)
            for labels in policy_budgets(member)
        )
    ]


def policies(member: Member) -> list[str]:
    """Evaluators that train the network, in the config's order."""
    return list(member.network_evaluators)


def policy_budgets(member: Member) -> list[str]:
    """Label budgets that a policy has figures of, the fewest labels first."""
    found = {labels for _, evaluator, labels in member.figures if evaluator in policies(member)}
    return sorted(found, key=lambda labels: (label_budgets.label_order(member, labels), labels))


def probe_figures(member: Member, method: str, labels: str) -> SeedFigures:
    """The method's frozen encoder with the linear probe."""
    return member.figures.get((method, PROBE, labels), {})


def scratch_figures(member: Member, method: str, labels: str) -> SeedFigures:
    """The supervised baseline's figures, whatever the method."""
    found = (member.figures.get((name, END_TO_END, labels), {}) for name in member.baselines)
    return next(filter(None, found), {})


def policy_differences(member: Member, other: Reference) -> dict[PolicyKey, Difference | None]:
    """``(method, policy, labels)`` → its difference from ``other``'s figures; corrected for each budget."""
    found: dict[PolicyKey, Difference | None] = {}
    for labels in policy_budgets(member):
        keys = [
            (method, policy, labels) for method in fine_tuned_methods(member) for policy in policies(member)
        ]
        pairs = [(member.figures.get(key, {}), other(member, key[0], labels)) for key in keys]
        found |= dict(zip(keys, corrected_differences(pairs), strict=True))
    return found
