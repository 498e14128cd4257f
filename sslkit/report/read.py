"""A comparison's folder → typed data for the report. Runs that are not finished are part of it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from sslkit.errors import SSLKitError
from sslkit.report.files import Row, csv_rows, json_lines, json_object, result_row
from sslkit.statistics import BASELINES, by_seed
from sslkit.types import SampleSpec


@dataclass(frozen=True)
class RunRecord:
    """One method under one seed."""

    method: str
    seed: int
    training: list[dict[str, float]] = field(default_factory=list)
    monitor: list[dict[str, float]] = field(default_factory=list)
    cost: Mapping[str, float] = field(default_factory=dict)
    alarms: tuple[str, ...] = ()
    finished: bool = False
    map_path: Path | None = None
    predictions_path: Path | None = None

    @property
    def last_step(self) -> int:
        return int(max((line.get("step", 0) for line in [*self.training, *self.monitor]), default=0))


@dataclass(frozen=True)
class Member:
    """One data set of the comparison: its facts, its runs and their figures."""

    name: str
    folder: Path
    facts: Mapping[str, Any]
    spec: SampleSpec | None
    class_names: tuple[str, ...]
    runs: list[RunRecord]
    rows: list[Row]
    void: list[Row] = field(default_factory=list)  # figures that are NaN or infinite: said, and left out
    planned: tuple[str, ...] = ()  # methods of the config, whether they have begun or not
    baseline_names: tuple[str, ...] = tuple(BASELINES)

    @property
    def primary_metric(self) -> str:
        return str(self.facts.get("primary_metric", "accuracy"))

    @property
    def network_evaluators(self) -> tuple[str, ...]:
        """Evaluators that train the network on, in the config's order."""
        return tuple(self.facts.get("network_evaluators") or ())

    @property
    def methods(self) -> list[str]:
        """Objectives by name, the one that the others are compared with last of them, then the baselines."""
        found = (
            {run.method for run in self.runs} | {row["objective"] for row in self.rows} | set(self.planned)
        )
        reference = self.baseline_objective
        objectives = sorted(found - set(self.baseline_names), key=lambda name: (name == reference, name))
        return objectives + [name for name in self.baseline_names if name in found]

    @property
    def objectives(self) -> list[str]:
        return [name for name in self.methods if name not in self.baseline_names]

    @property
    def baselines(self) -> list[str]:
        return [name for name in self.methods if name in self.baseline_names]

    @property
    def baseline_objective(self) -> str | None:
        return self.facts.get("baseline_objective")

    @cached_property
    def figures(self) -> dict[tuple[str, str, str], dict[int, float]]:
        """``(method, evaluator, labels per class)`` → seed → the primary metric's mean over draws."""
        found: dict[tuple[str, str, str], list[tuple[int, float]]] = {}
        for row in self.rows:
            if row["metric"] == self.primary_metric:
                key = (row["objective"], row["evaluator"], row["labels_per_class"])
                found.setdefault(key, []).append((row["seed"], row["value"]))
        return {key: by_seed(some) for key, some in found.items()}

    def runs_of(self, method: str) -> list[RunRecord]:
        return sorted((run for run in self.runs if run.method == method), key=lambda run: run.seed)


@dataclass(frozen=True)
class Comparison:
    """All that the report tells."""

    name: str
    folder: Path
    manifest: Mapping[str, Any]
    members: list[Member]
    missing: tuple[str, ...] = ()  # what should be there and is not, in words


def read_comparison(folder: Path) -> Comparison:
    """Read ``runs/NAME``. Missing pieces are named in ``missing``; a folder without any run is an error.

    Raises:
        SSLKitError: no folder, nothing in it, or a file that is not what its name says.
    """
    if not folder.is_dir():
        raise SSLKitError(
            f"report: there is no folder {folder}. Give the folder of a comparison, e.g. runs/quickstart."
        )
    missing = []
    manifest = json_object(folder / "manifest.json")
    if not manifest:
        missing.append("manifest.json is not written yet: config, versions and splits are unknown.")
    rows = csv_rows(folder / "results.csv")
    members = [_read_member(folder / name, manifest, rows) for name in _member_names(folder, manifest)]
    if not any(member.runs or member.rows for member in members):
        raise SSLKitError(
            f"report: {folder} holds no run of a comparison. "
            f"Start one with `sslkit compare CONFIG --out {folder}`."
        )
    for member in members:
        missing += _missing(member, _of_member(manifest.get("seeds"), member.name) or [])
    return Comparison(str(manifest.get("name") or folder.name), folder, manifest, members, tuple(missing))


def _member_names(folder: Path, manifest: Mapping[str, Any]) -> list[str]:
    listed = list(manifest.get("members") or {})
    found = [path.name for path in sorted(folder.iterdir()) if path.is_dir() and any(_run_folders(path))]
    return listed + [name for name in found if name not in listed]


def _run_folders(folder: Path) -> Iterable[tuple[Path, str, int]]:
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        method, separator, seed = path.name.rpartition("-seed")
        if path.is_dir() and separator and seed.isdigit():
            yield path, method, int(seed)


def _shared(folder: Path, facts: Mapping[str, Any]) -> Iterable[tuple[Path, str, int]]:
    """Runs that lie in another member's folder, because their figures are the same here."""
    owners = facts.get("shared") or {}
    for owner in dict.fromkeys(owners.values()):
        for path, method, seed in _run_folders(folder.parent / owner):
            if owners.get(path.name) == owner:
                yield path, method, seed


def _of_member(entry: Any, name: str) -> Any:
    """A manifest's entry is one for all members, or a mapping from the member's name."""
    return entry.get(name) if isinstance(entry, Mapping) and name in entry else entry


def _labels(specs: Any) -> tuple[str, ...]:
    """The names that a config's components go by in results."""
    if not isinstance(specs, list):
        return ()
    return tuple(
        str(spec.get("label") or spec.get("name")) if isinstance(spec, Mapping) else str(spec)
        for spec in specs
    )


def _read_member(folder: Path, manifest: Mapping[str, Any], all_rows: list[Row]) -> Member:
    facts = (manifest.get("members") or {}).get(folder.name, {})
    config = _of_member(manifest.get("config"), folder.name)
    config = config if isinstance(config, Mapping) else {}
    objectives, baselines = _labels(config.get("objectives")), _labels(config.get("baselines"))
    rows = [row for row in all_rows if row["data"] == folder.name]
    rows = rows or [row for row in all_rows if row["data"] == (facts.get("data") or {}).get("name")]
    known = {(row["objective"], row["seed"]) for row in rows}
    runs = []
    for path, method, seed in [*_run_folders(folder), *_shared(folder, facts)]:
        result = json_object(path / "result.json")
        runs.append(_read_run(path, method, seed, result))
        if (method, seed) not in known:
            rows += [
                result_row(
                    {"data": folder.name, "objective": method, "seed": seed, **row}, path / "result.json"
                )
                for row in result.get("rows", [])
            ]
    void = [row for row in rows if not math.isfinite(row["value"])]
    spec = json_object(folder / "spec.json")
    names = tuple(spec.get("class_names") or facts.get("classes") or ())
    return Member(
        name=folder.name,
        folder=folder,
        facts=facts,
        spec=_sample_spec(spec),
        class_names=names,
        runs=runs,
        rows=[row for row in rows if math.isfinite(row["value"])],
        void=void,
        planned=(*objectives, *baselines),
        baseline_names=tuple(dict.fromkeys((*BASELINES, *baselines))),
    )


def _read_run(path: Path, method: str, seed: int, result: Mapping[str, Any]) -> RunRecord:
    lines = json_lines(path / "metrics.jsonl")
    map_path, predictions_path = path / "map.npz", path / "predictions.npz"
    return RunRecord(
        method=method,
        seed=seed,
        training=[line for line in lines if "loss" in line],
        monitor=[line for line in lines if "loss" not in line],
        cost=result.get("cost") or {},
        alarms=tuple(map(str, result.get("alarms") or ())),
        finished=bool(result),
        map_path=map_path if map_path.is_file() else None,
        predictions_path=predictions_path if predictions_path.is_file() else None,
    )


def _missing(member: Member, seeds: list[int]) -> list[str]:
    words, waiting = [], []
    have = {(run.method, run.seed): run for run in member.runs}
    finished = {(row["objective"], row["seed"]) for row in member.rows}
    steps = (member.facts.get("budget") or {}).get("steps")
    for method in member.methods:
        not_begun = []
        for seed in sorted({*seeds, *(run.seed for run in member.runs_of(method))}):
            run = have.get((method, seed))
            if (run and run.finished) or (method, seed) in finished:
                continue
            if run is None or not run.last_step:
                not_begun.append(str(seed))
                continue
            of_all = f" of {steps}" if steps else ""
            reached = f"it stands at step {run.last_step}{of_all}"
            words.append(f"{member.name}: {method}, seed {seed}, is not finished; {reached}.")
        if not_begun:
            waiting.append(f"{method} (seed{'s' if len(not_begun) > 1 else ''} {', '.join(not_begun)})")
    if waiting:
        words.append(f"{member.name}: no figures yet of {', '.join(waiting)}.")
    for row in member.void:
        words.append(
            f"{member.name}: {row['metric']} ({row['evaluator']}) of {row['objective']}, seed {row['seed']}, "
            f"is {row['value']}; it is left out."
        )
    return words


def _sample_spec(spec: Mapping[str, Any]) -> SampleSpec | None:
    if not spec:
        return None
    return SampleSpec(
        modality=str(spec.get("modality", "")),
        shape=tuple(spec.get("shape", ())),
        rate_hz=spec.get("rate_hz"),
        channels=tuple(spec.get("channels") or ()),
    )
