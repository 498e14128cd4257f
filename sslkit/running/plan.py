"""What a comparison runs: every member's runs, and which of them are one and the same run.

Variants of a config (a grid's points, an ablation's members) often share methods: another batch size of pre-training
is nothing to handcrafted features, another τ of BYOL nothing to SimCLR. Two runs whose figures depend on the same
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
from sslkit.running.runs import Run, runs_of
from sslkit.types import Baseline


@dataclass(frozen=True)
class PlannedRun:
    """A run of a member. ``owner`` is the member whose run it is, ``folder`` where that lies."""

    experiment: Experiment
    run: Run
    owner: str
    folder: Path

    @property
    def is_own(self) -> bool:
        return self.owner == self.experiment.name


def plan(prepared: Iterable[Prepared], folder: Path) -> list[PlannedRun]:
    """All runs in the study's order. Only variants of one config share runs.

    A shared run belongs to the first variant, or to one in whose folder it is finished: where a grid was extended, that
    may be a later one.
    """
    found = []
    owners: dict[str, str] = {}
    for item in prepared:
        experiment = item.experiment
        for run in runs_of(experiment):
            variant = experiment.variant
            key = f"{variant.of} {identity(item, run)}" if variant else f"{experiment.name} {run.folder_name}"
            found.append((experiment, run, key))
            owner = owners.setdefault(key, experiment.name)
            if not _finished(folder / owner, run) and _finished(folder / experiment.name, run):
                owners[key] = experiment.name
    return [
        PlannedRun(experiment, run, owners[key], folder / owners[key] / run.folder_name)
        for experiment, run, key in found
    ]


def _finished(member: Path, run: Run) -> bool:
    return (member / run.folder_name / "result.json").is_file()


def identity(prepared: Prepared, run: Run) -> str:
    """All that a run's figures depend on, as text.

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
    return json.dumps([run.spec.to_plain(), run.seed, judged, _reads(prepared, run, plain)], sort_keys=True)


def _reads(prepared: Prepared, run: Run, plain: dict[str, Any]) -> Any:
    if run.spec.kind == "objective":
        return prepared.identity(run.spec, run.seed)
    component = prepared.registry.entry(run.spec.kind, run.spec.name).component
    assert issubclass(component, Baseline)
    fields = component.reads
    if fields is None:
        return {key: value for key, value in plain.items() if key != "name"}
    return [plain[field] if field in plain else getattr(prepared, field) for field in fields]


def shared_runs(planned: Iterable[PlannedRun]) -> dict[str, dict[str, str]]:
    """Member → run's folder name → the member in whose folder it lies, where that is another."""
    found: dict[str, dict[str, str]] = {}
    for item in planned:
        if not item.is_own:
            found.setdefault(item.experiment.name, {})[item.run.folder_name] = item.owner
    return found
