"""All data sets at a glance: a row for each, and which methods differ over all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sslkit.pages.numbers import Numbers, download_buttons, percent
from sslkit.pages.palette import Style
from sslkit.pages.svg import SvgWriter
from sslkit.report.figures.cells import difference_cell, figure_cell
from sslkit.report.figures.charts import Chart
from sslkit.report.figures.columns import Column, column_figures, column_summary, columns_of
from sslkit.report.figures.differences import method_differences, method_pairs
from sslkit.report.figures.words import metric_words
from sslkit.report.members import Comparison, Member
from sslkit.report.section import alarm_words, member_anchor
from sslkit.report.verdict.ranks import draw_ranks, no_ranking_words, rankings
from sslkit.report.verdict.words import lost_words, rank_sentence

NOTE = (
    "Linear probe with all labels (supervised: trained end to end), in %. Differences in percentage points with their "
    "95 % interval and p-values, as they are → after Holm's correction for the data set's verdict; bold where the "
    "interval does not span zero and the corrected p-value is below .05."
)


def overview_section(comparison: Comparison, methods: Sequence[str]) -> dict[str, Any] | None:
    """The table of several data sets; None of one.

    Args:
        comparison: without variants, which have sections of their own.
        methods: of all data sets, a column each.
    """
    if len(comparison.members) < 2:
        return None
    pairs = _objective_pairs(comparison)
    rows, numbers = [], []
    for number, member in enumerate(comparison.members, start=1):
        column = next(iter(columns_of(member)), None)
        rows.append(_row(member, member_anchor(member, number), column, methods, pairs))
        for name in methods:
            if column and (found := column_summary(member, name, column)):
                numbers.append((member.name, name, percent(found.mean), percent(found.spread), found.n))
    header = ("data", "method", "mean_percent", "sd_percent", "seeds")
    return {
        "methods": methods,
        "pairs": [f"{first} − {second}" for first, second in pairs],
        "rows": rows,
        "download": download_buttons(Numbers(header, numbers)),
        "note": NOTE,
    }


def _objective_pairs(comparison: Comparison) -> list[tuple[str, str]]:
    """The objectives that are compared with each other, of any data set."""
    found = (
        names
        for member in comparison.members
        for names in method_pairs(member)
        if names[1] in member.objectives
    )
    return list(dict.fromkeys(found))


def _row(
    member: Member,
    anchor: str,
    column: Column | None,
    methods: Sequence[str],
    pairs: Sequence[tuple[str, str]],
) -> dict[str, Any]:
    differences = method_differences(member, column) if column else []
    found = {(item.first, item.second): item.difference for item in differences}
    return {
        "name": member.name,
        "anchor": anchor,
        "metric": metric_words(member.primary_metric),
        "cells": [figure_cell(column_summary(member, name, column) if column else None) for name in methods],
        "pairs": [difference_cell(found.get(names), with_p=True) for names in pairs],
        "n": _seed_counts(member, column),
        "lost": lost_words(member, column) if column else "",
        "alarms": len(alarm_words(member)),
    }


def _seed_counts(member: Member, column: Column | None) -> str:
    """Seeds of the methods: ``3``, or ``2 … 3`` where they differ."""
    if column is None:
        return ""
    counts = sorted({len(column_figures(member, name, column)) for name in member.methods} - {0})
    return " … ".join(map(str, dict.fromkeys((counts[0], counts[-1])))) if counts else ""


def ranks_section(comparison: Comparison, styles: Mapping[str, Style], svg: SvgWriter) -> dict[str, Any]:
    """Critical-difference diagrams and what they say, or why there are none."""
    found = rankings(comparison)
    charts = [
        Chart(
            f"Mean ranks, {item.column.group[0].lower()}{item.column.group[1:]}, {item.column.title}",
            f"N = {item.found.n} data sets; 1 is best",
            draw_ranks(item.found, styles, svg),
        )
        for item in found
    ]
    return {
        "charts": charts,
        "sentences": [rank_sentence(item.column.condition, item.found) for item in found],
        "why_none": "" if found else no_ranking_words(comparison),
    }
