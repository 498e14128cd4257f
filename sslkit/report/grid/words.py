"""What a grid says in words."""

from __future__ import annotations

from typing import Any

import numpy as np

from sslkit.config import value_text
from sslkit.report.grid.tables import Axis, axes_of, figures_at
from sslkit.report.grid.variants import Family, Figures, compared, values_of
from sslkit.report.results import summaries
from sslkit.statistics import BASELINES, Difference


def answers(family: Family) -> list[dict[str, Any]]:
    """What the grid says in words, with all labels and with the fewest."""
    found = []
    for column in family.columns:
        sentences = [
            *(item for axis in axes_of(family) if axis.numeric for item in _ends(family, axis, column)),
            *(_against_others(family, objective, column) for objective in family.objectives),
        ]
        sentences = [item for item in sentences if item is not None]
        if sentences:
            found.append({"condition": column.condition, "sentences": sentences})
    return found


def _ends(family: Family, axis: Axis, column: summaries.Column) -> list[dict[str, str]]:
    """Each objective between the smallest and the largest value: the one contrast that no figure chose."""
    if len(axis.values) < 2:
        return []
    others = [other.name for other in axes_of(family) if other.path != axis.path]
    average = f", on average over {' and '.join(others)}" if others else ""
    pairs = {
        objective: (
            averaged(family, axis, axis.texts[-1], objective, column),
            averaged(family, axis, axis.texts[0], objective, column),
        )
        for objective in family.objectives
    }
    pairs = {name: (last, first) for name, (last, first) in pairs.items() if last != first}
    said = []
    for objective, found in zip(pairs, compared(list(pairs.values())), strict=True):
        if found is not None:
            text = (
                f"{objective} from {axis.name} {axis.texts[0]} to {axis.texts[-1]}{average}: {_gain(found)}."
            )
            said.append({"verdict": found.outcome, "text": text})
    return said


def _gain(found: Difference) -> str:
    points = f"{summaries.signed_points(found.mean)} points"
    if found.outcome == "open":
        return f"{points} with one seed (n = 1), and nothing concluded"
    sure = {"won": "gains", "lost": "loses", "even": "no difference that shows"}[found.outcome]
    interval = summaries.interval_words(found.interval).replace(" … ", " to ")
    return f"{sure}, {points} (95 % interval {interval}, n = {found.n})"


def averaged(family: Family, axis: Axis, text: str, method: str, column: summaries.Column) -> Figures:
    """Seed → the mean over all points at this value of the axis, of seeds that have all of them."""
    found = [
        figures_at(member, method, column)
        for member in family.members
        if value_text(values_of(member)[axis.path]) == text
    ]
    seeds = set.intersection(*(set(figures) for figures in found)) if found else set()
    return {seed: float(np.mean([figures[seed] for figures in found])) for seed in sorted(seeds)}


def _against_others(family: Family, objective: str, column: summaries.Column) -> dict[str, str] | None:
    """At how many points an objective beats the others and the baselines."""
    won, lost, outcomes = list[str](), list[str](), list[str]()
    others = dict.fromkeys(
        second
        for member in family.members
        for first, second in summaries.pair_names(member)
        if first == objective
    )
    for other in others:
        pairs = [
            (figures_at(member, objective, column), figures_at(member, other, column))
            for member in family.members
        ]
        found = [item.outcome for item in compared(pairs) if item is not None]
        for outcome, words in (("won", won), ("lost", lost)):
            if count := found.count(outcome):  # type: ignore[arg-type]
                words.append(f"{BASELINES.get(other, other)} at {count} of {len(found)} points")
        outcomes += found
    if not outcomes:
        return None
    if set(outcomes) == {"open"}:
        return {"verdict": "open", "text": f"{objective}: with one seed no difference can be judged."}
    parts = [f"beats {', '.join(won)}"] if won else []
    parts += [f"loses to {', '.join(lost)}"] if lost else []
    if not parts:
        parts = [
            f"shows no clear difference from {', '.join(BASELINES.get(o, o) for o in others)} at any point"
        ]
    elif "even" in outcomes:
        parts.append("shows no clear difference elsewhere")
    overall = "won" if set(outcomes) == {"won"} else "lost" if lost else "even"
    return {"verdict": overall, "text": f"{objective} {'; '.join(parts)}."}
