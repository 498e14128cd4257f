"""A comparison repeated from its manifest, and its figures compared one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from sslkit.comparison.compare import compare
from sslkit.comparison.trust import plugin_files
from sslkit.config import Experiment, Study, Variant, parse_study
from sslkit.errors import SSLKitError
from sslkit.plugins import Plugin, load_registry
from sslkit.records import Result
from sslkit.registry import Registry
from sslkit.report.files import Row, csv_rows, record, result_row
from sslkit.running.manifest import installed_versions, machine_facts, read_manifest
from sslkit.running.runs import runs_of

ELSEWHERE = 0.01  # tolerance where machine or versions differ: one point, or 1 % of what is no share
Key = tuple[str, str, int, str, str, int, str]


@dataclass(frozen=True)
class Change:
    """A figure that is not what it was; None where it is missing."""

    key: Key
    before: float | None
    after: float | None

    def __str__(self) -> str:
        data, method, seed, evaluator, labels, draw, metric = self.key
        where = f"{data} · {method} · seed {seed} · {evaluator}, {labels} labels, draw {draw}, {metric}"
        if self.before is None or self.after is None:
            return f"{where}: {'was not there before' if self.before is None else 'is missing now'}"
        return f"{where}: {self.before:.6g} → {self.after:.6g} ({self.after - self.before:+.3g})"


@dataclass
class Reproduction:
    """What came of it.

    Attributes:
        compared: the number of figures.
        tolerance: what they may differ by (of shares as it is, of other figures relative to their size).
        differences: in words, what is no longer as it was around the figures: versions, machine, plugins, data.
        changes: figures beyond the tolerance, the largest first.
        contradictions: figures that ``results.csv`` and the runs' own ``result.json`` of the first run disagree on.
    """

    compared: int
    tolerance: float
    differences: list[str] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    contradictions: list[Change] = field(default_factory=list)

    @property
    def same(self) -> bool:
        return not self.changes and not self.contradictions


def reproduce(
    folder: Path,
    out: Path,
    runs: str = "*",
    tolerance: float | None = None,
    plugin_paths: tuple[str, ...] = (),
    quiet: bool = False,
    pool: str = "local",
    trust: bool = False,
) -> Reproduction:
    """Repeat a comparison into ``out`` and compare every figure.

    The config is the manifest's, as resolved, on as many processes and threads as then. Under the same versions on the
    same kind of machine the figures are to be equal to the bit; elsewhere within a point. A repetition that was stopped
    goes on.

    Args:
        folder: of a comparison.
        out: of the repetition.
        runs: which to repeat: a pattern of ``MEMBER/METHOD-seedS`` (or ``METHOD-seedS``), as file names have them.
        tolerance: instead of those.
        plugin_paths: files and folders of plugins; those that the manifest names run only if among these.
        quiet: print nothing.
        pool: where the runs go: ``local`` or ``ray``.
        trust: run the plugin files that the manifest names.

    Raises:
        SSLKitError: plugin files that were neither given nor trusted, no comparison, none finished, no run like that,
            or data that are not there or not the same.
    """
    manifest = read_manifest(folder)
    if out.resolve() == folder.resolve():
        raise SSLKitError(f"{out}: the repetition needs a folder of its own; choose another with --out.")
    paths, lost = plugin_files(manifest, plugin_paths, trust)
    registry, plugins = load_registry(paths)
    study = study_of(manifest, registry, folder)
    chosen = _chooser(runs)
    before, own = recorded(folder, manifest, chosen)
    if not before:
        raise SSLKitError(
            f"{folder}: no figure of a run like '{runs}' to compare with. Runs: {_names(study)}."
        )
    machine = manifest.get("machine") or {}
    compare(
        study,
        out,
        paths,
        machine.get("workers"),
        quiet,
        only=chosen,
        threads=machine.get("threads"),
        pool=pool,
        expected={name: member["data"]["fingerprint"] for name, member in manifest["members"].items()},
    )
    after, _ = recorded(out, read_manifest(out), chosen)
    differences = _differences(manifest, plugins) + lost
    allowed = tolerance if tolerance is not None else ELSEWHERE if differences else 0.0
    return Reproduction(
        len(before), allowed, differences, changes(before, after, allowed), changes(before, own, 0.0)
    )


def study_of(manifest: Mapping[str, Any], registry: Registry, folder: Path) -> Study:
    """The study that a manifest describes, variants and what tuning chose included.

    Raises:
        SSLKitError: a config that is no longer understood here.
    """
    plain = {
        name: {k: v for k, v in config.items() if k != "name"} for name, config in manifest["config"].items()
    }
    source = f"{folder / 'manifest.json'}: config"
    content = {"name": manifest["name"], "suite": plain}
    study = parse_study(content, [], registry, source=source, recorded=True)
    return Study(study.name, tuple(_varied(e, manifest["members"]) for e in study.experiments))


def _varied(experiment: Experiment, members: Mapping[str, Any]) -> Experiment:
    facts = members.get(experiment.name) or {}
    variant = facts.get("variant")
    return replace(
        experiment, variant=Variant(**variant) if variant else None, tuned=facts.get("tuning") or None
    )


def _chooser(pattern: str) -> Callable[[str, str], bool]:
    return lambda member, name: fnmatchcase(f"{member}/{name}", pattern) or fnmatchcase(name, pattern)


def recorded(
    folder: Path, manifest: Mapping[str, Any], chosen: Callable[[str, str], bool]
) -> tuple[dict[Key, float], dict[Key, float]]:
    """The chosen figures of a comparison: as ``results.csv`` has them, and as the runs' own files have them."""
    table = csv_rows(folder / "results.csv")
    own: list[Row] = []
    for name, member in manifest["members"].items():
        shared = member.get("shared") or {}
        files = {path.parent.name: path for path in (folder / name).glob("*/result.json")}
        files |= {run: folder / owner / run / "result.json" for run, owner in shared.items()}
        for file in files.values():
            result = record(file, Result)
            position = {"data": name, "objective": result.get("objective"), "seed": result.get("seed")}
            own += [result_row({**position, **row}, file) for row in result.get("rows", [])]
    return _figures(table, chosen), _figures(own, chosen)


def _figures(rows: Iterable[Row], chosen: Callable[[str, str], bool]) -> dict[Key, float]:
    return {
        (
            row["data"],
            row["objective"],
            row["seed"],
            row["evaluator"],
            row["labels_per_class"],
            row["draw"],
            row["metric"],
        ): row["value"]
        for row in rows
        if chosen(row["data"], f"{row['objective']}-seed{row['seed']}")
    }


def changes(before: Mapping[Key, float], after: Mapping[Key, float], tolerance: float) -> list[Change]:
    """Figures that differ by more than ``tolerance`` (times their size, where that is above 1), largest first."""
    found = []
    for key in {**before, **after}:
        old, new = before.get(key), after.get(key)
        if old is None or new is None or not _close(old, new, tolerance):
            found.append(Change(key, old, new))
    return sorted(found, key=lambda item: -abs((item.after or 0.0) - (item.before or 0.0)))


def _close(old: float, new: float, tolerance: float) -> bool:
    return old == new or (old != old and new != new) or abs(old - new) <= tolerance * max(1.0, abs(old))


def _differences(manifest: Mapping[str, Any], plugins: Iterable[Plugin]) -> list[str]:
    """Versions, machine and plugins then and now, where they differ."""
    now = {plugin.name: plugin.version for plugin in plugins}
    pairs = [
        (name, old, installed_versions().get(name)) for name, old in (manifest.get("versions") or {}).items()
    ]
    then, here = manifest.get("machine") or {}, machine_facts()
    pairs += [(name, then.get(name), here[name]) for name in here if name != "command"]
    pairs += [
        (f"plugin {plugin['name']}", plugin["version"], now.get(plugin["name"]))
        for plugin in manifest.get("plugins") or ()
    ]
    return [f"{name}: {old} then, {new} now" for name, old, new in pairs if old != new]


def _names(study: Study) -> str:
    names = [f"{e.name}/{one.folder_name}" for e in study.experiments for one in runs_of(e)]
    return ", ".join(names[:8]) + (" …" if len(names) > 8 else "")
