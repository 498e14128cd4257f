"""What each augmentation is worth to each objective: paired differences to training with all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sslkit.pages.numbers import Numbers, download_buttons, interval_percent, percent
from sslkit.report.figures.cells import difference_cell
from sslkit.report.figures.columns import Column, column_figures
from sslkit.report.figures.differences import corrected_differences
from sslkit.report.figures.words import Answer, Sentence, signed_points
from sslkit.report.grid.variants import VariantSet, varied_values
from sslkit.statistics import Difference, Outcome

WORTH, ALONE = "without", "only"
TITLES = {WORTH: "worth", ALONE: "alone"}
NOTE = (
    "Worth: what is lost when an augmentation is left out, all − without it. Alone: what it gives by itself, it alone "
    "− all. Mean paired differences in percentage points with their 95 % interval, corrected (Holm) for the number of "
    "augmentations; bold where they are no chance. An augmentation that adds nothing beside the others may still be "
    "the best one alone."
)


@dataclass(frozen=True)
class AblationEffects:
    """Under one condition: (change, objective, augmentation) → its difference, augmentations most worth first."""

    column: Column
    objectives: list[str]
    augmentations: list[str]
    found: Mapping[tuple[str, str, str], Difference]


def ablation_effects(variants: VariantSet) -> list[AblationEffects]:
    """With all labels and with the fewest; the differences of one objective are corrected together."""
    at = {(varied_values(m)["change"], varied_values(m)["augmentation"]): m for m in variants.members}
    names = [name for change, name in at if change == WORTH]
    whole = at.get(("all", ""))
    if whole is None:
        return []
    results = []
    for column in variants.columns:
        found: dict[tuple[str, str, str], Difference] = {}
        for change in (WORTH, ALONE):
            for objective in variants.objectives:
                everything = column_figures(whole, objective, column)
                pairs = [(everything, column_figures(at[change, name], objective, column)) for name in names]
                pairs = pairs if change == WORTH else [(other, one) for one, other in pairs]
                for name, difference in zip(names, corrected_differences(pairs), strict=True):
                    if difference is not None:
                        found[change, objective, name] = difference
        if found:
            results.append(
                AblationEffects(column, variants.objectives, _sorted_by_worth(names, found), found)
            )
    return results


def _sorted_by_worth(names: list[str], found: Mapping[tuple[str, str, str], Difference]) -> list[str]:
    def worth(name: str) -> float:
        means = [item.mean for (change, _, other), item in found.items() if (change, other) == (WORTH, name)]
        return -float(np.mean(means)) if means else np.inf

    return sorted(names, key=worth)


def ablation_table(effects: AblationEffects) -> dict[str, Any]:
    """A row for each augmentation; for each objective what it is worth and what it does alone."""
    rows = []
    for name in effects.augmentations:
        cells = [
            difference_cell(effects.found.get((change, objective, name)))
            for objective in effects.objectives
            for change in (WORTH, ALONE)
        ]
        rows.append({"name": name, "cells": cells, "n": max(cell.n for cell in cells)})
    return {
        "condition": effects.column.condition,
        "objectives": effects.objectives,
        "rows": rows,
        "download": download_buttons(effect_numbers(effects)),
    }


def ablation_answers(found: Sequence[AblationEffects]) -> list[Answer]:
    """For each objective the augmentations that it needs, and those that are better left out."""
    answers = []
    for effects in found:
        said = []
        for objective in effects.objectives:
            own = {
                name: effects.found[WORTH, objective, name]
                for name in effects.augmentations
                if (WORTH, objective, name) in effects.found
            }
            if own:
                said.append(_sentence(objective, own))
        answers.append(Answer(effects.column.condition, said))
    return answers


def _sentence(objective: str, own: Mapping[str, Difference]) -> Sentence:
    named = {
        outcome: [f"{n} ({signed_points(d.mean)})" for n, d in own.items() if d.outcome == outcome]
        for outcome in ("won", "lost", "even", "open")
    }
    n = min(item.n for item in own.values())
    if len(named["open"]) == len(own):
        return Sentence("open", f"{objective}: one seed, nothing can be concluded (n = 1).")
    clauses = {
        "won": "is better with",
        "lost": "is better without",
        "even": "shows no clear difference without",
        "open": "cannot be judged with one seed for",
    }
    parts = [f"{words} {', '.join(named[outcome])}" for outcome, words in clauses.items() if named[outcome]]
    verdict: Outcome = "lost" if named["lost"] else "won" if named["won"] else "even"
    return Sentence(verdict, f"{objective} {'; '.join(parts)} (points, n = {n}).")


def effect_numbers(effects: AblationEffects, *changes: str) -> Numbers:
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
        for (change, objective, name), item in effects.found.items()
        if change in (changes or TITLES)
    ]
    return Numbers(names, rows)
