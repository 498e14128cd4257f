"""What a comparison runs: every member's cells, and which of them are one and the same run.

Variants of a config (a grid's points, an ablation's members) often share methods: another batch size of pre-training
is nothing to handcrafted features, another τ of BYOL nothing to SimCLR. Two cells whose figures depend on the same
things are run once, in the folder of the first, and stand in the results of both.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sslkit.assembly import Prepared
from sslkit.config import Experiment
from sslkit.running.runs import Cell, cells_of
from sslkit.types import Baseline


@dataclass(frozen=True)
class Planned:
    """A cell of a member. ``owner`` is the member whose run it is, ``folder`` where that lies."""

    experiment: Experiment
    cell: Cell
    owner: str
    folder: Path

    @property
    def own(self) -> bool:
        return self.owner == self.experiment.name


def plan(prepared: Iterable[Prepared], folder: Path) -> list[Planned]:
    """All cells in the study's order. Only variants of one config share runs.

    A shared run belongs to the first variant, or to one in whose folder it is finished: where a grid was extended, that
    may be a later one.
    """
    found = []
    owners: dict[str, str] = {}
    for item in prepared:
        experiment = item.experiment
        for cell in cells_of(experiment):
            variant = experiment.variant
            key = (
                f"{variant.of} {identity(item, cell)}" if variant else f"{experiment.name} {cell.folder_name}"
            )
            found.append((experiment, cell, key))
            owner = owners.setdefault(key, experiment.name)
            if not _finished(folder / owner, cell) and _finished(folder / experiment.name, cell):
                owners[key] = experiment.name
    return [
        Planned(experiment, cell, owners[key], folder / owners[key] / cell.folder_name)
        for experiment, cell, key in found
    ]


def _finished(member: Path, cell: Cell) -> bool:
    return (member / cell.folder_name / "result.json").is_file()


def identity(prepared: Prepared, cell: Cell) -> str:
    """All that a cell's figures depend on, as text.

    An objective reads what shapes its weights. A baseline's class names in ``reads`` what it uses besides data, splits,
    evaluation and seed (fields of an experiment, ``total_steps``, ``channels_last``); without that it reads everything.
    """
    plain = prepared.experiment.to_plain()
    judged = [
        prepared.data_digest,
        plain["data"],
        plain["evaluation"],
        plain["evaluators"],
        str(prepared.device),
    ]
    return json.dumps(
        [cell.spec.to_plain(), cell.seed, judged, _reads(prepared, cell, plain)], sort_keys=True
    )


def _reads(prepared: Prepared, cell: Cell, plain: dict[str, Any]) -> Any:
    if cell.spec.kind == "objective":
        return prepared.identity(cell.spec, cell.seed)
    component = prepared.registry.entry(cell.spec.kind, cell.spec.name).component
    assert issubclass(component, Baseline)
    fields = component.reads
    if fields is None:
        return {key: value for key, value in plain.items() if key != "name"}
    return [plain[field] if field in plain else getattr(prepared, field) for field in fields]


def shared_runs(planned: Iterable[Planned]) -> dict[str, dict[str, str]]:
    """Member → run's folder name → the member in whose folder it lies, where that is another."""
    found: dict[str, dict[str, str]] = {}
    for item in planned:
        if not item.own:
            found.setdefault(item.experiment.name, {})[item.cell.folder_name] = item.owner
    return found
