"""Which layers to update with how many labels, as charts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sslkit.pages.palette import Style, method_styles
from sslkit.pages.svg import SvgWriter
from sslkit.report.figures.charts import Chart, CurvePoint, draw_label_curves
from sslkit.report.figures.columns import SeedFigures
from sslkit.report.figures.words import metric_words
from sslkit.report.fine_tuning.policies import (
    fine_tuned_methods,
    policies,
    policy_budgets,
    probe_figures,
    scratch_figures,
)
from sslkit.report.members import Member
from sslkit.statistics import summarise

PROBE_LINE, SCRATCH_LINE = "linear probe", "from scratch"


def line_styles(member: Member, styles: Mapping[str, Style]) -> dict[str, Style]:
    """A style for the probe and each policy, and that of the supervised baseline for training from scratch."""
    has_scratch = any(scratch_figures(member, "", labels) for labels in policy_budgets(member))
    names = [PROBE_LINE, *policies(member)]
    found = {name: style for name, style in method_styles(names).items() if name in names}
    return found | ({SCRATCH_LINE: styles["supervised"]} if has_scratch else {})


def line_figures(member: Member, method: str, line: str, labels: str) -> SeedFigures:
    """Of a line of the table or the chart: the probe, a policy, or training from scratch."""
    other = {PROBE_LINE: probe_figures, SCRATCH_LINE: scratch_figures}.get(line)
    return other(member, method, labels) if other else member.figures.get((method, line, labels), {})


def policy_charts(member: Member, lines: Mapping[str, Style], svg: SvgWriter) -> list[Chart]:
    """A chart for each method, all on one scale."""
    series = {method: _curves(member, method, list(lines)) for method in fine_tuned_methods(member)}
    ends = [
        100 * (point.mean + sign * (point.spread or 0.0))
        for curves in series.values()
        for points in curves.values()
        for point in points
        for sign in (-1, 1)
    ]
    edge = 0.04 * (max(ends) - min(ends)) or 1.0
    limits = (min(ends) - edge, max(ends) + edge)
    metric, budgets = metric_words(member.primary_metric), policy_budgets(member)
    return [
        Chart(
            method,
            "mean ± spread over seeds",
            draw_label_curves(curves, budgets, lines, metric, svg, limits),
        )
        for method, curves in series.items()
    ]


def _curves(member: Member, method: str, lines: Sequence[str]) -> dict[str, list[CurvePoint]]:
    """Line → its points, the fewest labels first."""
    found: dict[str, list[CurvePoint]] = {}
    for line in lines:
        for labels in policy_budgets(member):
            if figures := line_figures(member, method, line, labels):
                summary = summarise(figures)
                found.setdefault(line, []).append(CurvePoint(labels, summary.mean, summary.spread))
    return found
