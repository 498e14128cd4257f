"""The audit of a data set's figures: by class and group, calibration, confusion, and the leaks that were looked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sslkit.pages.numbers import Numbers, downloads, interval_percent, percent
from sslkit.pages.palette import Style, swatch
from sslkit.pages.svg import SvgWriter
from sslkit.report.audit import charts
from sslkit.report.files import load_arrays
from sslkit.report.read import Member
from sslkit.report.results import label_budgets
from sslkit.statistics.audit import breakdown
from sslkit.statistics.audit.breakdown import Subgroup
from sslkit.statistics.audit.calibration import Reliability, brier, calibration_error, reliability

NEEDED = {"scores", "labels", "evaluator", "labels_per_class"}
DRAWN_BASELINES = 1
MOST_GROUPS = 30


@dataclass(frozen=True)
class Audit:
    """One method's predictions of the test part, of all its seeds, taken apart."""

    method: str
    evaluator: str
    labels_per_class: str
    seeds: int
    overall: Subgroup
    classes: list[Subgroup]
    groups: list[Subgroup]
    confusion: np.ndarray
    calibration_error: float
    brier: float
    reliability: Reliability


def audits(member: Member) -> list[Audit]:
    """Of every method whose runs left predictions."""
    found = (_audit(member, method) for method in member.methods)
    return [item for item in found if item is not None]


def _audit(member: Member, method: str) -> Audit | None:
    paths = [run.predictions_path for run in member.runs_of(method) if run.predictions_path]
    runs = [arrays for path in paths if (arrays := load_arrays(path)).keys() >= NEEDED]
    if not runs:
        return None
    first = runs[0]
    runs = [arrays for arrays in runs if np.array_equal(arrays["labels"], first["labels"])]
    labels, groups, scores = first["labels"], first.get("groups"), [arrays["scores"] for arrays in runs]
    right = breakdown.rightness(scores, labels)
    classes = max(scores[0].shape[1], len(member.class_names))
    return Audit(
        method,
        str(first["evaluator"]),
        str(first["labels_per_class"]),
        len(runs),
        breakdown.overall(right, groups),
        breakdown.by_class(right, labels, groups),
        breakdown.by_group(right, groups) if groups is not None else [],
        breakdown.confusion(scores, labels, classes),
        float(np.mean([calibration_error(reliability(item, labels)) for item in scores])),
        float(np.mean([brier(item, labels) for item in scores])),
        reliability(np.concatenate(scores), np.tile(labels, len(scores))),
    )


def audit_section(
    member: Member, styles: Mapping[str, Style], svg: SvgWriter, drawn: bool = True
) -> dict[str, Any]:
    """What the template shows; without figures where ``drawn`` is False."""
    from markupsafe import Markup

    found = audits(member)
    rows = [
        {
            "name": item.method,
            "swatch": Markup(swatch(styles[item.method])),
            "first_baseline": item.method == next(iter(member.baselines), None) and bool(member.objectives),
            "accuracy": _cell(item.overall, member),
            "worst_class": _cell(breakdown.worst(item.classes), member, of_class=True),
            "worst_group": _cell(breakdown.worst(item.groups), member),
            "calibration_error": f"{100 * item.calibration_error:.1f}",
            "brier": f"{item.brier:.3f}",
            "n": item.seeds,
        }
        for item in found
    ]
    return {
        "rows": rows,
        "has_groups": any(item.groups for item in found),
        "note": _note(found),
        "download": downloads(_numbers(found, member)),
        "sentences": _sentences(found, member) if found else [],
        "legend": [
            {"name": item.method, "swatch": Markup(swatch(styles[item.method]))}
            for item in _chosen(found, member)
        ],
        "figures": _figures(_chosen(found, member), member, styles, svg) if found and drawn else [],
        "guards": guards(member),
    }


def _numbers(found: list[Audit], member: Member) -> Numbers:
    """The test part as a whole, every class and every group, of every method."""
    rows: list[tuple[Any, ...]] = []
    for item in found:
        parts = [("all", "", item.overall)]
        parts += [("class", class_name(member, part.key), part) for part in item.classes]
        parts += [("group", group_name(member, part.key), part) for part in item.groups]
        for by, name, part in parts:
            calibration = (percent(item.calibration_error), item.brier) if by == "all" else (None, None)
            low, high = interval_percent(part.interval)
            rows.append((item.method, by, name, percent(part.share), low, high, part.count, *calibration))
    names = ("method", "by", "name", "right_percent", "low", "high", "samples", "ece_percent", "brier")
    return Numbers(names, rows)


def best(found: list[Audit]) -> Audit:
    """The method that is right most often."""
    return max(found, key=lambda item: item.overall.share)


def _chosen(found: list[Audit], member: Member) -> list[Audit]:
    """Objectives, and the best of the baselines: more would hide each other."""
    baselines = sorted(
        (item for item in found if item.method in member.baselines), key=lambda item: -item.overall.share
    )
    return [item for item in found if item.method in member.objectives] + baselines[:DRAWN_BASELINES]


def class_name(member: Member, label: int) -> str:
    return member.class_names[label] if label < len(member.class_names) else str(label)


def group_name(member: Member, number: int) -> str:
    """As the data source names it, else ``group 3``."""
    names = member.facts.get("groups") or {}
    return str(names.get(str(number), f"group {number}"))


def interval_text(item: Subgroup) -> str:
    """``81 … 90``."""
    low, high = (100 * end for end in item.interval)
    return f"{low:.0f} … {high:.0f}"


def _cell(item: Subgroup | None, member: Member, of_class: bool = False) -> dict[str, str]:
    if item is None:
        return {"text": "", "range": "", "value": ""}
    key = "" if item.key < 0 else group_name(member, item.key)
    if of_class:
        key = f"“{class_name(member, item.key)}”"
    return {
        "text": f"{key} {100 * item.share:.1f}".strip(),
        "range": f"{interval_text(item)}, n = {item.count:,}",
        "value": f"{item.share:.6f}",
    }


def _sentences(found: list[Audit], member: Member) -> list[str]:
    top = best(found)
    said = []
    lowest = breakdown.worst(top.classes)
    if lowest is not None:
        words = (
            f"{top.method} is right in {100 * top.overall.share:.1f} % of the test samples; its worst class is "
            f"“{class_name(member, lowest.key)}” with {100 * lowest.share:.1f} % ({interval_text(lowest)})"
        )
        group = breakdown.worst(top.groups)
        if group is not None:
            words += f", its worst group is {group_name(member, group.key)} with {100 * group.share:.1f} % "
            words += f"({interval_text(group)})"
        said.append(f"{words}.")
    confused = breakdown.most_confused(top.confusion)
    if confused is not None:
        true, answered, share = confused
        said.append(
            f"Most often {top.method} takes “{class_name(member, true)}” for “{class_name(member, answered)}”: "
            f"{100 * share:.1f} % of that class."
        )
    return said


def _note(found: list[Audit]) -> str:
    if not found:
        return ""
    labels = label_budgets.plain(found[0].labels_per_class)
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


def _figures(
    found: list[Audit], member: Member, styles: Mapping[str, Style], svg: SvgWriter
) -> list[dict[str, Any]]:
    from markupsafe import Markup

    top = best(found)
    names = {item.key: class_name(member, item.key) for item in top.classes}
    figures = [
        (
            "By class",
            "recall, 95 % intervals",
            charts.subgroups({i.method: i.classes for i in found}, names, styles, svg),
        ),
        (
            "Confusion",
            top.method,
            charts.confusion(top.confusion, member.class_names, styles[top.method], svg),
        ),
    ]
    if top.groups:
        worst = sorted(top.groups, key=lambda item: item.share)[:MOST_GROUPS]
        keys = {item.key: group_name(member, item.key) for item in sorted(worst, key=lambda item: item.key)}
        title = "By group" if len(worst) == len(top.groups) else f"The {MOST_GROUPS} worst groups"
        chart = charts.subgroups({i.method: i.groups for i in found}, keys, styles, svg)
        figures.insert(1, (title, "accuracy, 95 % intervals", chart))
    curves = {item.method: item.reliability for item in found}
    figures.append(("Reliability", "on the line: as sure as right", charts.reliability(curves, styles, svg)))
    return [
        {"title": title, "subtitle": subtitle, "svg": Markup(picture)}
        | ({"tall": True} if title == "Confusion" else {})
        for title, subtitle, picture in figures
        if picture
    ]


def guards(member: Member) -> dict[str, Any]:
    """The leaks that were looked for, and in words those found."""
    found = member.facts.get("guards") or {}
    return {
        "checked": list(found.get("checked") or ()),
        "found": [_finding_words(item) for item in found.get("findings") or ()],
    }


def _finding_words(item: Mapping[str, Any]) -> str:
    pairs = [f"{one} {i} = {other} {j}" for one, i, other, j in item.get("examples") or ()]
    return f"{item.get('text', '')}{' Rows of the source, e.g. ' + ', '.join(pairs) + '.' if pairs else ''}"
