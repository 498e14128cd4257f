"""Which layers to update with how many labels, as pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sslkit.pages.palette import Style, method_styles
from sslkit.pages.svg import SvgWriter
from sslkit.report.fine_tuning.figures import (
    Figures,
    budgets,
    policies,
    probe,
    scratch,
    tuned_methods,
)
from sslkit.report.read import Member
from sslkit.report.results import curves
from sslkit.statistics import summarise

PROBE, SCRATCH = "linear probe", "from scratch"


def line_styles(member: Member, styles: Mapping[str, Style]) -> dict[str, Style]:
    """A style for the probe and each policy, and that of the supervised baseline for training from scratch."""
    has_scratch = any(scratch(member, "", labels) for labels in budgets(member))
    names = [PROBE, *policies(member)]
    found = {name: style for name, style in method_styles(names).items() if name in names}
    return found | ({SCRATCH: styles["supervised"]} if has_scratch else {})


def figures_of(member: Member, method: str, name: str, labels: str) -> Figures:
    """Of a line of the table or the picture: the probe, a policy, or training from scratch."""
    other = {PROBE: probe, SCRATCH: scratch}.get(name)
    return other(member, method, labels) if other else member.figures.get((method, name, labels), {})


def policy_charts(member: Member, lines: Mapping[str, Style], svg: SvgWriter) -> list[dict[str, Any]]:
    """A picture a method, all on one scale."""
    from markupsafe import Markup

    series = {method: _lines(member, method, list(lines)) for method in tuned_methods(member)}
    ends = [
        100 * (point.mean + sign * (point.spread or 0.0))
        for some in series.values()
        for points in some.values()
        for point in points
        for sign in (-1, 1)
    ]
    edge = 0.04 * (max(ends) - min(ends)) or 1.0
    metric = member.primary_metric.replace("_", " ")
    return [
        {
            "title": method,
            "subtitle": "mean ± spread over seeds",
            "svg": Markup(
                curves.label_efficiency(
                    some, budgets(member), lines, metric, svg, (min(ends) - edge, max(ends) + edge)
                )
            ),
        }
        for method, some in series.items()
    ]


def _lines(member: Member, method: str, names: Sequence[str]) -> dict[str, list[curves.CurvePoint]]:
    """Name of a line → its points, the fewest labels first."""
    found: dict[str, list[curves.CurvePoint]] = {}
    for name in names:
        for labels in budgets(member):
            if figures := figures_of(member, method, name, labels):
                summary = summarise(figures)
                found.setdefault(name, []).append(curves.CurvePoint(labels, summary.mean, summary.spread))
    return found
