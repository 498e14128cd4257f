"""Which layers to update with how many labels: policies beside the linear probe and training from scratch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sslkit.pages.numbers import Numbers, download_buttons, interval_percent, percent
from sslkit.pages.palette import Style, legend_entries, swatch
from sslkit.pages.svg import SvgWriter
from sslkit.report.figures import label_budgets
from sslkit.report.figures.cells import TableCell, difference_cell, figure_cell
from sslkit.report.figures.columns import SeedFigures
from sslkit.report.figures.words import metric_words
from sslkit.report.fine_tuning.charts import (
    PROBE_LINE,
    SCRATCH_LINE,
    line_figures,
    line_styles,
    policy_charts,
)
from sslkit.report.fine_tuning.policies import (
    PolicyKey,
    fine_tuned_methods,
    policies,
    policy_budgets,
    policy_differences,
    probe_figures,
    scratch_figures,
)
from sslkit.report.fine_tuning.words import policy_sentences
from sslkit.report.members import Member
from sslkit.statistics import Difference, summarise

NOTE = (
    "{metric} of the test part in %, mean ± standard deviation over seeds; below it the mean paired difference from "
    "the linear probe of the same encoder{scratch}, in percentage points, with its 95 % interval. Bold: the interval "
    "does not span zero, and the p-value after Holm's correction for all differences of its kind with so many labels "
    "is below .05. Each policy chose its stopping point, learning rate and augmentation on as many validation labels. "
    "From scratch: the supervised baseline, the same network from random weights."
)
References = Mapping[
    str, Mapping[PolicyKey, Difference | None]
]  # what a policy is compared with → differences


def fine_tuning_section(
    member: Member, styles: Mapping[str, Style], svg: SvgWriter, drawn: bool = True
) -> dict[str, Any]:
    """What the template shows; empty where nothing was fine-tuned. Without charts where ``drawn`` is False."""
    if not fine_tuned_methods(member):
        return {}
    lines = line_styles(member, styles)
    found: References = {"probe": policy_differences(member, probe_figures)}
    if SCRATCH_LINE in lines:
        found = {**found, "scratch": policy_differences(member, scratch_figures)}
    words = ", then that from training from scratch" if SCRATCH_LINE in lines else ""
    return {
        "legend": legend_entries(lines),
        "charts": policy_charts(member, lines, svg) if drawn else [],
        "titles": [label_budgets.title_text(labels) for labels in policy_budgets(member)],
        "rows": _rows(member, lines, found),
        "download": download_buttons(_numbers(member, found)),
        "sentences": policy_sentences(member),
        "note": NOTE.format(metric=metric_words(member.primary_metric).capitalize(), scratch=words),
    }


def policy_table(member: Member) -> list[tuple[str, str, list[tuple[str, TableCell]]]]:
    """For the terminal: method, policy, and title and figure of each budget."""

    def cell(method: str, policy: str, labels: str) -> tuple[str, TableCell]:
        figures = member.figures.get((method, policy, labels))
        return label_budgets.title_text(labels), figure_cell(summarise(figures) if figures else None)

    return [
        (method, policy, [cell(method, policy, labels) for labels in policy_budgets(member)])
        for method in fine_tuned_methods(member)
        for policy in policies(member)
    ]


def _numbers(member: Member, found: References) -> Numbers:
    rows = []
    for key in found["probe"]:
        figures = member.figures.get(key)
        if figures:
            own = summarise(figures)
            points = [value for differences in found.values() for value in _points(differences.get(key))]
            rows.append((*key, percent(own.mean), percent(own.spread), own.n, *points))
    names = ("method", "updated", "labels_per_class", "mean_percent", "sd_percent", "seeds")
    beside = (f"{what}_{other}" for other in found for what in ("points_from", "low_from", "high_from"))
    return Numbers((*names, *beside), rows)


def _points(item: Difference | None) -> tuple[float | None, ...]:
    return (percent(item.mean), *interval_percent(item.interval)) if item else (None,) * 3


def _rows(member: Member, lines: Mapping[str, Style], found: References) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []

    def add(line: str, method: str, references: References) -> None:
        budgets = policy_budgets(member)
        own = [line_figures(member, method, line, labels) for labels in budgets]
        beside = [_difference_cells(references, (method, line, labels)) for labels in budgets]
        if any(own):
            rows.append(_row(line, lines[line], own, beside))

    for method in fine_tuned_methods(member):
        rows.append({"heading": method})
        for line in (PROBE_LINE, *policies(member)):
            add(line, method, found)
    if SCRATCH_LINE in lines:
        rows.append({"heading": "no pre-training"})
        add(SCRATCH_LINE, "", {})
    return rows


def _difference_cells(found: References, key: PolicyKey) -> dict[str, TableCell]:
    return {
        other: cell
        for other, differences in found.items()
        if (cell := difference_cell(differences.get(key))).text
    }


def _row(
    line: str, style: Style, own: Sequence[SeedFigures], beside: Sequence[Mapping[str, TableCell]]
) -> dict[str, Any]:
    figures = [figure_cell(summarise(some) if some else None) for some in own]
    return {
        "name": line,
        "swatch": swatch(style),
        "cells": list(zip(figures, beside, strict=True)),
        "n": max(cell.n for cell in figures),
    }
