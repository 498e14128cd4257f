"""The figures of one data set: results, training, maps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sslkit.pages.palette import Style
from sslkit.pages.svg import SvgWriter
from sslkit.report.read import Member
from sslkit.report.results import curves, summaries, training_curves
from sslkit.report.results.embedding import draw_map


def result_figures(member: Member, styles: Mapping[str, Style], svg: SvgWriter) -> list[dict[str, Any]]:
    """Figures against labels, and the differences that are asked about."""
    metric = member.primary_metric.replace("_", " ")
    columns = summaries.columns_of(member)
    found = []
    for evaluator in dict.fromkeys(column.evaluator for column in columns):
        some = sorted(
            (c for c in columns if c.evaluator == evaluator),
            key=lambda c: summaries.label_order(member, c.labels),
        )
        if len(some) < 2:
            continue
        series = {}
        for method in member.methods:
            points = [(column.labels, summaries.summary(member, method, column)) for column in some]
            kept = [
                curves.CurvePoint(labels, item.mean, item.spread)
                for labels, item in points
                if item is not None
            ]
            if kept:
                series[method] = kept
        chart = curves.label_efficiency(series, [c.labels for c in some], styles, metric, svg)
        found.append(_chart("How far few labels go", some[0].group, chart))
    bars = [item for column in summaries.asked_columns(member) for item in summaries.pairs(member, column)]
    if bars:
        chart = curves.differences(bars, styles, svg)
        found.insert(1, {**_chart("Paired differences", _seed_words(bars), chart), "tall": True})
    return found


def _seed_words(found: Sequence[summaries.Pair]) -> str:
    counts = sorted({item.difference.n for item in found})
    n = f"n = {counts[0]}" + (f" … {counts[-1]}" if len(counts) > 1 else "")
    return f"{found[0].column.group}, 95 % intervals over seeds, {n}"


def training_figures(member: Member, styles: Mapping[str, Style], svg: SvgWriter) -> list[dict[str, Any]]:
    """Losses, and what was watched against collapse."""
    runs = {method: member.runs_of(method) for method in member.objectives}
    found = [_chart("Loss", "one panel a method", training_curves.losses(runs, styles, svg))]
    for key, title, subtitle, label, factor in (
        ("knn_accuracy", "kNN accuracy", "on the validation part", "accuracy, %", 100.0),
        ("effective_rank", "Effective rank", "of the features; low: collapse", "effective rank", 1.0),
        ("feature_std", "Spread per dimension", "0: collapse", "spread", 1.0),
    ):
        from_zero = key != "knn_accuracy"
        picture = training_curves.monitored(runs, styles, key, label, svg, factor, from_zero)
        found.append(_chart(title, subtitle, picture))
    return [chart for chart in found if chart["svg"]]


def maps(member: Member, svg: SvgWriter) -> tuple[list[dict[str, Any]], int]:
    """One map a method, all of the first seed that has any."""
    seed = min((run.seed for run in member.runs if run.map_path), default=0)
    found = []
    for method in member.methods:
        for run in member.runs_of(method):
            if run.map_path and run.seed == seed:
                picture, how = draw_map(run.map_path, member.class_names, svg)
                found.append(_chart(method, how, picture))
    return [chart for chart in found if chart["svg"]], seed


def _chart(title: str, subtitle: str, picture: str) -> dict[str, Any]:
    from markupsafe import Markup

    return {"title": title, "subtitle": subtitle, "svg": Markup(picture)}
