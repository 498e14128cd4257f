"""What each augmentation is worth to each objective: paired differences to training with all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sslkit.pages.numbers import Numbers, downloads, interval_percent, percent
from sslkit.pages.palette import Style
from sslkit.pages.svg import CARD, INK, SvgWriter, canvas
from sslkit.report.grid.variants import Family, compared, difference_cell, room_for, values_of
from sslkit.report.results import summaries
from sslkit.report.results.curves import WIDTH
from sslkit.statistics import Difference

WORTH, ALONE = "without", "only"
TITLES = {WORTH: "worth", ALONE: "alone"}
MEANING = {
    WORTH: "all − all but this one (right of 0: it helps)",
    ALONE: "this one alone − all",
}
NOTE = (
    "Worth: what is lost when an augmentation is left out, all − without it. Alone: what it gives by itself, it alone "
    "− all. Mean paired differences in percentage points with their 95 % interval, corrected (Holm) for the number of "
    "augmentations; bold where they are no chance. An augmentation that adds nothing beside the others may still be "
    "the best one alone."
)


@dataclass(frozen=True)
class Effects:
    """Under one condition: (change, objective, augmentation) → its difference, augmentations most worth first."""

    column: summaries.Column
    objectives: list[str]
    augmentations: list[str]
    found: Mapping[tuple[str, str, str], Difference]


def effects(family: Family) -> list[Effects]:
    """With all labels and with the fewest; the differences of one objective are corrected together."""
    at = {(values_of(m)["change"], values_of(m)["augmentation"]): m for m in family.members}
    names = [name for change, name in at if change == WORTH]
    whole = at.get(("all", ""))
    if whole is None:
        return []
    results = []
    for column in family.columns:
        found: dict[tuple[str, str, str], Difference] = {}
        for change in (WORTH, ALONE):
            for objective in family.objectives:
                everything = summaries.figures(whole, objective, column)
                pairs = [
                    (everything, summaries.figures(at[change, name], objective, column)) for name in names
                ]
                pairs = pairs if change == WORTH else [(other, one) for one, other in pairs]
                for name, difference in zip(names, compared(pairs), strict=True):
                    if difference is not None:
                        found[change, objective, name] = difference
        if found:
            results.append(Effects(column, family.objectives, _sorted(names, found), found))
    return results


def _sorted(names: list[str], found: Mapping[tuple[str, str, str], Difference]) -> list[str]:
    def worth(name: str) -> float:
        means = [item.mean for (change, _, other), item in found.items() if (change, other) == (WORTH, name)]
        return -float(np.mean(means)) if means else np.inf

    return sorted(names, key=worth)


def ablation_table(some: Effects) -> dict[str, Any]:
    """A row for each augmentation; for each objective what it is worth and what it does alone."""
    rows = []
    for name in some.augmentations:
        cells = [
            difference_cell(some.found.get((change, objective, name)))
            for objective in some.objectives
            for change in (WORTH, ALONE)
        ]
        rows.append({"name": name, "cells": cells, "n": max(cell.n for cell in cells)})
    return {
        "condition": some.column.condition,
        "objectives": some.objectives,
        "rows": rows,
        "download": downloads(effect_numbers(some)),
    }


def ablation_answers(found: Sequence[Effects]) -> list[dict[str, Any]]:
    """For each objective the augmentations that it needs, and those that are better left out."""
    answers = []
    for some in found:
        said = []
        for objective in some.objectives:
            own = {
                name: some.found[WORTH, objective, name]
                for name in some.augmentations
                if (WORTH, objective, name) in some.found
            }
            if own:
                said.append(_sentence(objective, own))
        answers.append({"condition": some.column.condition, "sentences": said})
    return answers


def _sentence(objective: str, own: Mapping[str, Difference]) -> dict[str, str]:
    named = {
        outcome: [f"{n} ({summaries.signed_points(d.mean)})" for n, d in own.items() if d.outcome == outcome]
        for outcome in ("won", "lost", "even", "open")
    }
    n = min(item.n for item in own.values())
    parts = []
    if named["won"]:
        parts.append(f"is better with {', '.join(named['won'])}")
    if named["lost"]:
        parts.append(f"is better without {', '.join(named['lost'])}")
    if named["even"]:
        parts.append(f"shows no clear difference without {', '.join(named['even'])}")
    if named["open"]:
        parts.append(f"cannot be judged with one seed for {', '.join(named['open'])}")
    if len(named["open"]) == len(own):
        return {"verdict": "open", "text": f"{objective}: one seed, nothing can be concluded (n = 1)."}
    verdict = "lost" if named["lost"] else "won" if named["won"] else "even"
    return {"verdict": verdict, "text": f"{objective} {'; '.join(parts)} (points, n = {n})."}


def ablation_charts(
    some: Effects, styles: Mapping[str, Style], svg: SvgWriter
) -> tuple[list[dict[str, Any]], bool]:
    """A dot plot of what each is worth, and one of each alone; and whether intervals run off."""
    charts, cut = [], False
    for change in (WORTH, ALONE):
        shown = {key[1:]: item for key, item in some.found.items() if key[0] == change}
        if shown:
            picture, off = _dot_plot(some, change, shown, styles, svg)
            cut |= off
            title = "What each augmentation is worth" if change == WORTH else "Each augmentation alone"
            n = min(item.n for item in shown.values())
            charts.append(
                {"title": title, "subtitle": f"{some.column.condition.lower()}, n = {n}", "svg": picture}
            )
    return charts, cut


def _dot_plot(
    some: Effects,
    change: str,
    shown: Mapping[tuple[str, str], Difference],
    styles: Mapping[str, Style],
    svg: SvgWriter,
) -> tuple[str, bool]:
    low, high, off = room_for([0.0, *(d.mean for d in shown.values())], [d.interval for d in shown.values()])
    rows, objectives = some.augmentations, some.objectives
    height = 0.7 + len(rows) * max(0.26, 0.15 * len(objectives))
    with canvas(WIDTH, height, grid=False) as (figure, (axes,)):
        for (objective, name), found in shown.items():
            y = rows.index(name) + 0.62 * ((objectives.index(objective) + 0.5) / len(objectives) - 0.5)
            style, sure = styles[objective], found.outcome in ("won", "lost")
            if found.interval:
                ends = [100 * end for end in found.interval]
                axes.plot(ends, [y, y], color=style.colour, linewidth=2.2 if sure else 1.2)
            axes.plot(
                [100 * found.mean],
                [y],
                linestyle="",
                marker=style.marker,
                color=style.colour,
                markerfacecolor=style.colour if sure else CARD,
            )
        axes.axvline(0, color=INK, linewidth=0.9, zorder=0)
        axes.set_yticks(range(len(rows)), rows)
        axes.set_ylim(len(rows) - 0.45, -0.55)
        axes.set_xlim(low, high)
        axes.grid(axis="x")
        axes.spines["left"].set_visible(False)
        axes.set_xlabel(f"points: {MEANING[change]}")
        return svg.write(figure, f"{MEANING[change]}, with 95 % intervals", effect_numbers(some, change)), off


def effect_numbers(some: Effects, *changes: str) -> Numbers:
    """The differences of some changes (default: all) in percentage points, as CSV has them."""
    names = ("change", "objective", "augmentation", "points", "low", "high", "p", "p_corrected", "seeds")
    rows = [
        (
            TITLES[change],
            objective,
            name,
            percent(item.mean),
            *interval_percent(item.interval),
            item.p,
            item.p_corrected,
            item.n,
        )
        for (change, objective, name), item in some.found.items()
        if change in (changes or TITLES)
    ]
    return Numbers(names, rows)
