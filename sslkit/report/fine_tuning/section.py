"""Which layers to update with how many labels: policies beside the linear probe and training from scratch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sslkit.pages.numbers import Numbers, downloads, interval_percent, percent
from sslkit.pages.palette import Style, swatch
from sslkit.pages.svg import SvgWriter
from sslkit.report.fine_tuning.charts import PROBE, SCRATCH, figures_of, line_styles, policy_charts
from sslkit.report.fine_tuning.figures import (
    Figures,
    Key,
    budgets,
    differences,
    policies,
    probe,
    scratch,
    tuned_methods,
)
from sslkit.report.fine_tuning.words import sentences
from sslkit.report.grid.variants import difference_cell
from sslkit.report.read import Member
from sslkit.report.results import label_budgets, summaries
from sslkit.statistics import Difference, summarise

NOTE = (
    "{metric} of the test part in %, mean ± standard deviation over seeds; below it the mean paired difference from "
    "the linear probe of the same encoder{scratch}, in percentage points, with its 95 % interval. Bold: the interval "
    "does not span zero, and the p-value after Holm's correction for all differences of its kind with so many labels "
    "is below .05. Each policy chose its stopping point, learning rate and augmentation on as many validation labels. "
    "From scratch: the supervised baseline, the same network from random weights."
)
Beside = Mapping[str, Mapping[Key, Difference | None]]  # what a policy is compared with → differences


def fine_tuning_section(
    member: Member, styles: Mapping[str, Style], svg: SvgWriter, drawn: bool = True
) -> dict[str, Any]:
    """What the template shows; empty where nothing was fine-tuned. Without pictures where ``drawn`` is False."""
    from markupsafe import Markup

    if not tuned_methods(member):
        return {}
    lines = line_styles(member, styles)
    found: Beside = {"probe": differences(member, probe)}
    if SCRATCH in lines:
        found = {**found, "scratch": differences(member, scratch)}
    words = ", then that from training from scratch" if SCRATCH in lines else ""
    return {
        "legend": [{"name": name, "swatch": Markup(swatch(style))} for name, style in lines.items()],
        "charts": policy_charts(member, lines, svg) if drawn else [],
        "titles": [label_budgets.title(labels) for labels in budgets(member)],
        "rows": _rows(member, lines, found),
        "download": downloads(_numbers(member, found)),
        "sentences": sentences(member),
        "note": NOTE.format(metric=member.primary_metric.replace("_", " ").capitalize(), scratch=words),
    }


def tuned_table(member: Member) -> list[tuple[str, str, list[tuple[str, summaries.TableCell]]]]:
    """For the terminal: method, policy, and title and figure of each budget."""
    return [
        (
            method,
            policy,
            [
                (
                    label_budgets.title(labels),
                    summaries.figure_cell(
                        summarise(figures) if (figures := member.figures.get(key)) else None
                    ),
                )
                for labels in budgets(member)
                if (key := (method, policy, labels))
            ],
        )
        for method in tuned_methods(member)
        for policy in policies(member)
    ]


def _numbers(member: Member, found: Beside) -> Numbers:
    rows = []
    for key in found["probe"]:
        figures = member.figures.get(key)
        if figures:
            own = summarise(figures)
            points = [value for some in found.values() for value in _points(some.get(key))]
            rows.append((*key, percent(own.mean), percent(own.spread), own.n, *points))
    names = ("method", "updated", "labels_per_class", "mean_percent", "sd_percent", "seeds")
    beside = (f"{what}_{other}" for other in found for what in ("points_from", "low_from", "high_from"))
    return Numbers((*names, *beside), rows)


def _points(item: Difference | None) -> tuple[float | None, ...]:
    return (percent(item.mean), *interval_percent(item.interval)) if item else (None,) * 3


def _rows(member: Member, lines: Mapping[str, Style], found: Beside) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []

    def add(name: str, method: str, beside: Beside) -> None:
        own = [figures_of(member, method, name, labels) for labels in budgets(member)]
        if any(own):
            rows.append(
                _row(name, lines[name], own, [_beside(beside, (method, name, b)) for b in budgets(member)])
            )

    for method in tuned_methods(member):
        rows.append({"heading": method})
        for name in (PROBE, *policies(member)):
            add(name, method, found)
    if SCRATCH in lines:
        rows.append({"heading": "no pre-training"})
        add(SCRATCH, "", {})
    return rows


def _beside(found: Beside, key: Key) -> dict[str, summaries.TableCell]:
    return {other: cell for other, some in found.items() if (cell := difference_cell(some.get(key))).text}


def _row(
    name: str, style: Style, own: Sequence[Figures], beside: Sequence[Mapping[str, summaries.TableCell]]
) -> dict[str, Any]:
    from markupsafe import Markup

    figures = [summaries.figure_cell(summarise(some) if some else None) for some in own]
    return {
        "name": name,
        "swatch": Markup(swatch(style)),
        "cells": list(zip(figures, beside, strict=True)),
        "n": max(cell.n for cell in figures),
    }
