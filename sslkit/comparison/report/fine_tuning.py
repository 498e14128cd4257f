"""Which layers to update with how many labels: policies beside the linear probe and training from scratch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sslkit.comparison.report import budget_words, curves, tables
from sslkit.comparison.report.numbers import Numbers, downloads, interval_percent, percent
from sslkit.comparison.report.palette import Style, method_styles, swatch
from sslkit.comparison.report.read import Member
from sslkit.comparison.report.svg import SvgWriter
from sslkit.comparison.report.variants import compared, difference_cell
from sslkit.comparison.report.words import Sentence, listed
from sslkit.comparison.statistics import Difference, summarise

PROBE, SCRATCH = "linear probe", "from scratch"
NOTE = (
    "{metric} of the test part in %, mean ± standard deviation over seeds; below it the mean paired difference from "
    "the linear probe of the same encoder, in percentage points, with its 95 % interval. Bold: the interval does not "
    "span zero, and the p-value after Holm's correction for all differences with so many labels is below .05. Each "
    "policy chose its stopping point, learning rate and augmentation on as many validation labels. From scratch: the "
    "supervised baseline, the same network from random weights."
)
Figures = Mapping[int, float]


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
    return sorted(found, key=lambda labels: (budget_words.label_order(member, labels), labels))


def differences(member: Member) -> dict[tuple[str, str, str], Difference | None]:
    """``(method, policy, labels)`` → its difference from the method's linear probe; corrected for each budget."""
    found: dict[tuple[str, str, str], Difference | None] = {}
    for labels in budgets(member):
        keys = [(method, policy, labels) for method in tuned_methods(member) for policy in policies(member)]
        pairs = [(member.figures.get(key, {}), _probe(member, key[0], labels)) for key in keys]
        found |= dict(zip(keys, compared(pairs), strict=True))
    return found


def tuning_section(
    member: Member, styles: Mapping[str, Style], svg: SvgWriter, drawn: bool = True
) -> dict[str, Any]:
    """What the template shows; empty where nothing was fine-tuned. Without pictures where ``drawn`` is False."""
    from markupsafe import Markup

    if not tuned_methods(member):
        return {}
    lines = _line_styles(member, styles)
    found = differences(member)
    return {
        "legend": [{"name": name, "swatch": Markup(swatch(style))} for name, style in lines.items()],
        "charts": _charts(member, lines, svg) if drawn else [],
        "titles": [budget_words.title(labels) for labels in budgets(member)],
        "rows": _rows(member, lines, found),
        "download": downloads(_numbers(member, found)),
        "sentences": sentences(member),
        "note": NOTE.format(metric=member.primary_metric.replace("_", " ").capitalize()),
    }


def tuned_table(member: Member) -> list[tuple[str, str, list[tuple[str, tables.Cell]]]]:
    """For the terminal: method, policy, and title and figure of each budget."""
    return [
        (
            method,
            policy,
            [
                (
                    budget_words.title(labels),
                    tables.figure_cell(summarise(figures) if (figures := member.figures.get(key)) else None),
                )
                for labels in budgets(member)
                if (key := (method, policy, labels))
            ],
        )
        for method in tuned_methods(member)
        for policy in policies(member)
    ]


def _numbers(member: Member, found: Mapping[tuple[str, str, str], Difference | None]) -> Numbers:
    rows = []
    for (method, policy, labels), item in found.items():
        figures = member.figures.get((method, policy, labels))
        if figures:
            own = summarise(figures)
            points = (percent(item.mean), *interval_percent(item.interval)) if item else (None,) * 3
            rows.append((method, policy, labels, percent(own.mean), percent(own.spread), own.n, *points))
    names = ("method", "updated", "labels_per_class", "mean_percent", "sd_percent", "seeds")
    return Numbers((*names, "points_from_probe", "low", "high"), rows)


def sentences(member: Member) -> list[Sentence]:
    """For each objective and budget: which policies are better than leaving the encoder as it is, and which worse.

    Budgets at which none is either share a sentence.
    """
    said, found = [], differences(member)
    for method in (name for name in tuned_methods(member) if name in member.objectives):
        nothing: dict[str, Difference] = {}
        for labels in budgets(member):
            own = {name: item for name in policies(member) if (item := found.get((method, name, labels)))}
            if any(item.outcome in ("won", "lost") for item in own.values()):
                said.append(_sentence(method, labels, own))
            elif own:
                nothing[labels] = max(own.values(), key=lambda item: item.n)
        if nothing:
            said.append(_nothing(method, nothing))
    return said


def _nothing(method: str, at: Mapping[str, Difference]) -> Sentence:
    """No policy differs from the probe with so many labels."""
    budgets_said, n = listed(map(budget_words.plain, at)), max(item.n for item in at.values())
    if n == 1:
        return Sentence(
            "open", f"From one seed nothing can be concluded on fine-tuning {method} with {budgets_said}."
        )
    words = f"With {budgets_said} no policy of fine-tuning {method} is distinguishable from its linear probe"
    return Sentence("even", f"{words} (n = {n} seeds).")


def _sentence(method: str, labels: str, own: Mapping[str, Difference]) -> Sentence:
    won, lost = ({k: v for k, v in own.items() if v.outcome == outcome} for outcome in ("won", "lost"))
    clauses = [f"{verb} with {_amounts(some)}" for verb, some in (("gains", won), ("loses", lost)) if some]
    even = [name for name in own if name not in won and name not in lost]
    if even:
        are = "is" if len(even) == 1 else "are"
        clauses.append(f"{listed(even)} {are} not distinguishable from it")
    said = "; ".join(clauses)
    text = f"With {budget_words.plain(labels)} fine-tuning {method}, compared with its linear probe, {said}"
    return Sentence("won" if won else "lost", f"{text} (n = {max(item.n for item in own.values())} seeds).")


def _amounts(some: Mapping[str, Difference]) -> str:
    """``all (+3.1, +1.2 … +5.0)``, the largest first."""
    ordered = sorted(some.items(), key=lambda pair: -abs(pair[1].mean))
    return listed(
        f"{name} ({tables.signed_points(item.mean)}{' points' if not place else ''}, "
        f"{tables.interval_words(item.interval)})"
        for place, (name, item) in enumerate(ordered)
    )


def _probe(member: Member, method: str, labels: str) -> Figures:
    return member.figures.get((method, tables.PROBE, labels), {})


def _scratch(member: Member, labels: str) -> Figures:
    """The supervised baseline's figures."""
    found = (member.figures.get((name, tables.END_TO_END, labels), {}) for name in member.baselines)
    return next(filter(None, found), {})


def _line_styles(member: Member, styles: Mapping[str, Style]) -> dict[str, Style]:
    """A style for the probe and each policy, and that of the supervised baseline for training from scratch."""
    has_scratch = any(_scratch(member, labels) for labels in budgets(member))
    names = [PROBE, *policies(member)]
    found = {name: style for name, style in method_styles(names).items() if name in names}
    return found | ({SCRATCH: styles["supervised"]} if has_scratch else {})


def _lines(member: Member, method: str, names: Sequence[str]) -> dict[str, list[curves.Point]]:
    """Name of a line → its points, the fewest labels first."""
    found: dict[str, list[curves.Point]] = {}
    for name in names:
        for labels in budgets(member):
            figures = (
                _probe(member, method, labels)
                if name == PROBE
                else _scratch(member, labels)
                if name == SCRATCH
                else member.figures.get((method, name, labels), {})
            )
            if figures:
                summary = summarise(figures)
                found.setdefault(name, []).append(curves.Point(labels, summary.mean, summary.spread))
    return found


def _charts(member: Member, lines: Mapping[str, Style], svg: SvgWriter) -> list[dict[str, Any]]:
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


def _rows(
    member: Member, lines: Mapping[str, Style], found: Mapping[tuple[str, str, str], Difference | None]
) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for method in tuned_methods(member):
        rows.append({"heading": method})
        for name in (PROBE, *policies(member)):
            own = [
                _probe(member, method, labels)
                if name == PROBE
                else member.figures.get((method, name, labels), {})
                for labels in budgets(member)
            ]
            if any(own):
                beside = [found.get((method, name, labels)) for labels in budgets(member)]
                rows.append(_row(name, lines[name], own, beside))
    if SCRATCH in lines:
        own = [_scratch(member, labels) for labels in budgets(member)]
        rows += [{"heading": "no pre-training"}, _row(SCRATCH, lines[SCRATCH], own, [None] * len(own))]
    return rows


def _row(
    name: str, style: Style, own: Sequence[Figures], beside: Sequence[Difference | None]
) -> dict[str, Any]:
    from markupsafe import Markup

    cells = [
        (tables.figure_cell(summarise(figures) if figures else None), difference_cell(difference))
        for figures, difference in zip(own, beside, strict=True)
    ]
    return {
        "name": name,
        "swatch": Markup(swatch(style)),
        "cells": cells,
        "n": max(cell.n for cell, _ in cells),
    }
