"""A comparison's folder → typed data for the report. Runs that are not finished are part of it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from sslkit.errors import SSLKitError
from sslkit.records import Manifest, Result, SamplesCard
from sslkit.report.files import Row, csv_rows, json_lines, record, result_row
from sslkit.report.members import BASELINES, Comparison, Member, RunRecord
from sslkit.types import SampleSpec


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
    manifest = record(folder / "manifest.json", Manifest)
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
        missing += _missing(member, _planned_seeds(manifest, member.name))
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


def _planned_seeds(manifest: Mapping[str, Any], name: str) -> list[int]:
    """Of a member; older manifests have one list for all, and a folder that the manifest does not know has none."""
    seeds = manifest.get("seeds")
    return list((seeds.get(name) if isinstance(seeds, Mapping) else seeds) or ())


def _config_of(manifest: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Of a member; older manifests have one for all."""
    config = manifest.get("config")
    if isinstance(config, Mapping):
        config = config.get(name, config)
    return config if isinstance(config, Mapping) else {}


def _method_names(specs: Any) -> tuple[str, ...]:
    """The names that a config's components go by in results."""
    if not isinstance(specs, list):
        return ()
    return tuple(
        str(spec.get("label") or spec.get("name")) if isinstance(spec, Mapping) else str(spec)
        for spec in specs
    )


def _read_member(folder: Path, manifest: Mapping[str, Any], all_rows: list[Row]) -> Member:
    facts = (manifest.get("members") or {}).get(folder.name, {})
    config = _config_of(manifest, folder.name)
    objectives, baselines = _method_names(config.get("objectives")), _method_names(config.get("baselines"))
    rows = [row for row in all_rows if row["data"] == folder.name]
    rows = rows or [row for row in all_rows if row["data"] == (facts.get("data") or {}).get("name")]
    known = {(row["objective"], row["seed"]) for row in rows}
    runs = []
    for path, method, seed in [*_run_folders(folder), *_shared(folder, facts)]:
        result = record(path / "result.json", Result)
        runs.append(_read_run(path, method, seed, result))
        if (method, seed) not in known:
            rows += [
                result_row(
                    {"data": folder.name, "objective": method, "seed": seed, **row}, path / "result.json"
                )
                for row in result.get("rows", [])
            ]
    spec = record(folder / "spec.json", SamplesCard)
    names = tuple(spec.get("class_names") or facts.get("classes") or ())
    return Member(
        name=folder.name,
        folder=folder,
        facts=facts,
        spec=_sample_spec(spec),
        class_names=names,
        runs=runs,
        rows=[row for row in rows if math.isfinite(row["value"])],
        not_finite=[row for row in rows if not math.isfinite(row["value"])],
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
    for row in member.not_finite:
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
