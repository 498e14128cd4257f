"""Which encoders collapsed: said first, since their other figures mean nothing."""

from __future__ import annotations

from collections.abc import Sequence

from sslkit.evaluation.geometry import COLLAPSED_RANK, COLLAPSED_STD, PROJECTION_ALARM
from sslkit.report.figures.columns import asked_columns, column_figures
from sslkit.report.figures.words import Sentence, listed, metric_words
from sslkit.report.members import Member


def collapse_sentences(member: Member) -> list[Sentence]:
    """The objectives whose encoders or projections collapsed, by their alarms and by the figures themselves."""
    said = []
    for name in member.objectives:
        seeds = sorted(
            {run.seed for run in member.runs_of(name)} | {seed for _, seed in _geometry(member, name)}
        )
        encoders = [seed for seed in seeds if _encoder_collapsed(member, name, seed)]
        projections = [
            run.seed
            for run in member.runs_of(name)
            if any(alarm.startswith(PROJECTION_ALARM) for alarm in run.alarms) and run.seed not in encoders
        ]
        if encoders:
            said.append(Sentence("lost", _collapse_words(member, name, encoders, len(seeds))))
        if projections:
            where = _in_seeds(projections, len(seeds))
            said.append(
                Sentence("lost", f"The projections of {name} have collapsed {where}: it stopped learning.")
            )
    return said


def _encoder_collapsed(member: Member, name: str, seed: int) -> bool:
    found = _geometry(member, name)
    alarms = [alarm for run in member.runs_of(name) if run.seed == seed for alarm in run.alarms]
    return (
        found.get(("effective_rank", seed), COLLAPSED_RANK) < COLLAPSED_RANK
        or found.get(("feature_std", seed), COLLAPSED_STD) < COLLAPSED_STD
        or any("encoder has collapsed" in alarm for alarm in alarms)
    )


def _geometry(member: Member, name: str) -> dict[tuple[str, int], float]:
    own = (row for row in member.rows if row["evaluator"] == "geometry" and row["objective"] == name)
    return {(row["metric"], row["seed"]): row["value"] for row in own}


def _collapse_words(member: Member, name: str, seeds: Sequence[int], of_all: int) -> str:
    ranks = [_geometry(member, name).get(("effective_rank", seed)) for seed in seeds]
    known = [f"{rank:.1f}" for rank in ranks if rank is not None]
    text = f"{name} has collapsed {_in_seeds(seeds, of_all)}"
    text += f": effective rank {listed(known)}, all samples get nearly the same features." if known else "."
    column = next(iter(asked_columns(member)), None)
    values = column_figures(member, name, column) if column else {}
    own = [values[seed] for seed in seeds if seed in values]
    if own and column:
        metric = metric_words(member.primary_metric)
        text += f" {column.condition} its {metric} there is {100 * sum(own) / len(own):.1f} %"
        text += f"; guessing gives {100 / len(member.class_names):.1f} %." if member.class_names else "."
    return text


def _in_seeds(seeds: Sequence[int], of_all: int) -> str:
    if len(seeds) == of_all:
        return "in its only seed" if of_all == 1 else f"in all {of_all} seeds"
    return f"in {len(seeds)} of {of_all} seeds (seed{'s' * (len(seeds) > 1)} {listed(map(str, seeds))})"
