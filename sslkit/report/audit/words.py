"""The audit in words: names of classes and groups, findings, notes, and the leaks that were looked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sslkit.report.audit.audits import Audit, best_audit
from sslkit.report.figures import label_budgets
from sslkit.report.members import Member
from sslkit.statistics.audit.breakdown import Subgroup, most_confused_classes, worst_subgroup


def class_name(member: Member, label: int) -> str:
    """As the data source names it, else its number."""
    return member.class_names[label] if label < len(member.class_names) else str(label)


def group_name(member: Member, number: int) -> str:
    """As the data source names it, else ``group 3``."""
    names = member.facts.get("groups") or {}
    return str(names.get(str(number), f"group {number}"))


def share_interval_words(item: Subgroup) -> str:
    """``81 … 90``, in %."""
    low, high = (100 * end for end in item.interval)
    return f"{low:.0f} … {high:.0f}"


def audit_sentences(found: list[Audit], member: Member) -> list[str]:
    """Of the best method: its worst class and group, and what it most often takes for what."""
    top = best_audit(found)
    said = []
    lowest = worst_subgroup(top.classes)
    if lowest is not None:
        words = (
            f"{top.method} is right in {100 * top.overall.share:.1f} % of the test samples; its worst class is "
            f"“{class_name(member, lowest.key)}” with {100 * lowest.share:.1f} % ({share_interval_words(lowest)})"
        )
        group = worst_subgroup(top.groups)
        if group is not None:
            words += f", its worst group is {group_name(member, group.key)} with {100 * group.share:.1f} % "
            words += f"({share_interval_words(group)})"
        said.append(f"{words}.")
    confused = most_confused_classes(top.confusion)
    if confused is not None:
        true, answered, share = confused
        said.append(
            f"Most often {top.method} takes “{class_name(member, true)}” for “{class_name(member, answered)}”: "
            f"{100 * share:.1f} % of that class."
        )
    return said


def audit_note(found: list[Audit]) -> str:
    """What the figures are of, and how their intervals were made."""
    if not found:
        return ""
    labels = label_budgets.sentence_text(found[0].labels_per_class)
    by_groups = found[0].overall.interval_by == "groups"
    how = (
        "bootstrap over whole groups of the test part where there are eight or more, else Wilson's for independent "
        "samples, which is too narrow where samples of a group are alike"
        if by_groups or found[0].groups
        else "Wilson's, for independent samples"
    )
    return (
        f"Accuracy in % with {labels} ({', '.join(dict.fromkeys(item.evaluator for item in found))}), mean over "
        f"seeds. 95 % intervals are of the test samples: {how}. Calibration error (ECE): how far confidence and "
        "truth lie apart, in points, ten bins; Brier score: 0 is perfect."
    )


def leak_words(member: Member) -> dict[str, Any]:
    """The leaks that were looked for (``checked``), and in words those ``found``."""
    record = member.facts.get("guards") or {}
    return {
        "checked": list(record.get("checked") or ()),
        "found": [_finding_words(item) for item in record.get("findings") or ()],
    }


def _finding_words(item: Mapping[str, Any]) -> str:
    pairs = [f"{one} {i} = {other} {j}" for one, i, other, j in item.get("examples") or ()]
    return f"{item.get('text', '')}{' Rows of the source, e.g. ' + ', '.join(pairs) + '.' if pairs else ''}"
