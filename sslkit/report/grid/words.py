"""What a grid says in words."""

from __future__ import annotations

import numpy as np

from sslkit.config import value_text
from sslkit.report.figures.columns import Column, SeedFigures
from sslkit.report.figures.differences import corrected_differences, method_pairs
from sslkit.report.figures.words import Answer, Sentence, interval_words, method_words, signed_points
from sslkit.report.grid.axes import GridAxis, grid_axes
from sslkit.report.grid.points import point_figures
from sslkit.report.grid.variants import VariantSet, varied_values
from sslkit.statistics import Difference, Outcome


def grid_answers(variants: VariantSet) -> list[Answer]:
    """What is said with all labels, and with the fewest."""
    answers = []
    for column in variants.columns:
        numeric = [axis for axis in grid_axes(variants) if axis.numeric]
        sentences = [sentence for axis in numeric for sentence in _end_sentences(variants, axis, column)]
        for objective in variants.objectives:
            sentences += _against_others(variants, objective, column)
        if sentences:
            answers.append(Answer(column.condition, sentences))
    return answers


def _end_sentences(variants: VariantSet, axis: GridAxis, column: Column) -> list[Sentence]:
    """Each objective between the smallest and the largest value: the one contrast that no figure chose."""
    if len(axis.values) < 2:
        return []
    others = [other.name for other in grid_axes(variants) if other.path != axis.path]
    average = f", on average over {' and '.join(others)}" if others else ""
    pairs = {
        objective: (
            averaged_figures(variants, axis, axis.texts[-1], objective, column),
            averaged_figures(variants, axis, axis.texts[0], objective, column),
        )
        for objective in variants.objectives
    }
    pairs = {name: (last, first) for name, (last, first) in pairs.items() if last != first}
    said = []
    for objective, found in zip(pairs, corrected_differences(list(pairs.values())), strict=True):
        if found is not None:
            ends = f"from {axis.name} {axis.texts[0]} to {axis.texts[-1]}"
            said.append(Sentence(found.outcome, f"{objective} {ends}{average}: {_gain_words(found)}."))
    return said


def _gain_words(found: Difference) -> str:
    points = f"{signed_points(found.mean)} points"
    if found.outcome == "open":
        return f"{points} with one seed (n = 1), and nothing concluded"
    sure = {"won": "gains", "lost": "loses", "even": "no difference that shows"}[found.outcome]
    interval = interval_words(found.interval).replace(" … ", " to ")
    return f"{sure}, {points} (95 % interval {interval}, n = {found.n})"


def averaged_figures(
    variants: VariantSet, axis: GridAxis, text: str, method: str, column: Column
) -> SeedFigures:
    """Seed → the mean over all points at this value of the axis, of seeds that have all of them."""
    found = [
        point_figures(member, method, column)
        for member in variants.members
        if value_text(varied_values(member)[axis.path]) == text
    ]
    seeds = set.intersection(*(set(figures) for figures in found)) if found else set()
    return {seed: float(np.mean([figures[seed] for figures in found])) for seed in sorted(seeds)}


def _against_others(variants: VariantSet, objective: str, column: Column) -> list[Sentence]:
    """At how many points an objective beats the others and the baselines; nothing where none can be compared."""
    won, lost, outcomes = list[str](), list[str](), list[Outcome]()
    pairs = (pair for member in variants.members for pair in method_pairs(member))
    others = dict.fromkeys(second for first, second in pairs if first == objective)
    for other in others:
        compared = [
            (point_figures(member, objective, column), point_figures(member, other, column))
            for member in variants.members
        ]
        found = [item.outcome for item in corrected_differences(compared) if item is not None]
        for count, words in ((found.count("won"), won), (found.count("lost"), lost)):
            if count:
                words.append(f"{method_words(other)} at {count} of {len(found)} points")
        outcomes += found
    if not outcomes:
        return []
    if set(outcomes) == {"open"}:
        return [Sentence("open", f"{objective}: with one seed no difference can be judged.")]
    parts = [f"beats {', '.join(won)}"] if won else []
    parts += [f"loses to {', '.join(lost)}"] if lost else []
    if not parts:
        parts = [f"shows no clear difference from {', '.join(map(method_words, others))} at any point"]
    elif "even" in outcomes:
        parts.append("shows no clear difference elsewhere")
    overall: Outcome = "won" if set(outcomes) == {"won"} else "lost" if lost else "even"
    return [Sentence(overall, f"{objective} {'; '.join(parts)}.")]
