"""The audit of a data set's figures, as the template wants it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sslkit.pages.numbers import Numbers, download_buttons, interval_percent, percent
from sslkit.pages.palette import Style, legend_entries, swatch
from sslkit.pages.svg import SvgWriter
from sslkit.report.audit.audits import Audit, audits_of, best_audit
from sslkit.report.audit.charts import draw_confusion, draw_reliability, draw_subgroups
from sslkit.report.audit.words import (
    audit_note,
    audit_sentences,
    class_name,
    group_name,
    leak_words,
    share_interval_words,
)
from sslkit.report.figures.charts import Chart
from sslkit.report.members import Member
from sslkit.statistics.audit.breakdown import Subgroup, worst_subgroup

DRAWN_BASELINES = 1
MOST_GROUPS = 30


def audit_section(
    member: Member, styles: Mapping[str, Style], svg: SvgWriter, drawn: bool = True
) -> dict[str, Any]:
    """What the template shows; without charts where ``drawn`` is False."""
    found = audits_of(member)
    shown = _shown(found, member)
    return {
        "rows": [_row(item, member, styles[item.method]) for item in found],
        "has_groups": any(item.groups for item in found),
        "note": audit_note(found),
        "download": download_buttons(_numbers(found, member)),
        "sentences": audit_sentences(found, member) if found else [],
        "legend": legend_entries(styles, [item.method for item in shown]),
        "charts": _charts(shown, member, styles, svg) if found and drawn else [],
        "guards": leak_words(member),
    }


def _shown(found: list[Audit], member: Member) -> list[Audit]:
    """In charts: objectives, and the best of the baselines; more would hide each other."""
    baselines = sorted(
        (item for item in found if item.method in member.baselines), key=lambda item: -item.overall.share
    )
    return [item for item in found if item.method in member.objectives] + baselines[:DRAWN_BASELINES]


def _row(item: Audit, member: Member, style: Style) -> dict[str, Any]:
    return {
        "name": item.method,
        "swatch": swatch(style),
        "first_baseline": item.method == next(iter(member.baselines), None) and bool(member.objectives),
        "accuracy": _cell(item.overall, member),
        "worst_class": _cell(worst_subgroup(item.classes), member, of_class=True),
        "worst_group": _cell(worst_subgroup(item.groups), member),
        "calibration_error": f"{100 * item.calibration_error:.1f}",
        "brier": f"{item.brier:.3f}",
        "n": item.seeds,
    }


def _cell(item: Subgroup | None, member: Member, of_class: bool = False) -> dict[str, str]:
    if item is None:
        return {"text": "", "range": "", "value": ""}
    key = "" if item.key < 0 else group_name(member, item.key)
    if of_class:
        key = f"“{class_name(member, item.key)}”"
    return {
        "text": f"{key} {100 * item.share:.1f}".strip(),
        "range": f"{share_interval_words(item)}, n = {item.count:,}",
        "value": f"{item.share:.6f}",
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


def _charts(found: list[Audit], member: Member, styles: Mapping[str, Style], svg: SvgWriter) -> list[Chart]:
    top = best_audit(found)
    names = {item.key: class_name(member, item.key) for item in top.classes}
    picture = draw_subgroups({item.method: item.classes for item in found}, names, styles, svg)
    charts = [Chart("By class", "recall, 95 % intervals", picture)]
    picture = draw_confusion(top.confusion, member.class_names, styles[top.method], svg)
    charts.append(Chart("Confusion", top.method, picture, tall=True))
    if top.groups:
        worst = sorted(top.groups, key=lambda item: item.share)[:MOST_GROUPS]
        names = {item.key: group_name(member, item.key) for item in sorted(worst, key=lambda item: item.key)}
        title = "By group" if len(worst) == len(top.groups) else f"The {MOST_GROUPS} worst groups"
        picture = draw_subgroups({item.method: item.groups for item in found}, names, styles, svg)
        charts.insert(1, Chart(title, "accuracy, 95 % intervals", picture))
    picture = draw_reliability({item.method: item.reliability for item in found}, styles, svg)
    charts.append(Chart("Reliability", "on the line: as sure as right", picture))
    return charts
