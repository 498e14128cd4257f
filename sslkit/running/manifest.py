"""``manifest.json``: everything that it takes to understand a comparison, and to repeat it."""

from __future__ import annotations

import dataclasses
import importlib.metadata
import os
import platform
import subprocess
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from sslkit.assembly import Prepared
from sslkit.assembly.account import reading_facts, reading_notes
from sslkit.config import Study
from sslkit.errors import SSLKitError
from sslkit.files import remove_leftovers, write_json
from sslkit.foreign import file_digest
from sslkit.outputs import require_own_folder
from sslkit.plugins import Plugin
from sslkit.records import Manifest, read_record
from sslkit.training.device import gpu_name
from sslkit.types import NetworkEvaluator, Part

PACKAGES = ("sslkit", "torch", "torchvision", "numpy", "scipy", "scikit-learn")
FREE_TO_CHANGE = {  # keys that shape no figure, so that a run may go on with others
    ("training", "checkpoint_seconds"),
    ("training", "log_every"),
    ("training", "tensorboard"),
    ("guards",),
    ("guards", "leaks"),
    ("guards", "copies"),
}


def make_manifest(
    study: Study, prepared: Iterable[Prepared], plugins: Iterable[Plugin], resources: Mapping[str, Any]
) -> dict[str, Any]:
    """The manifest of a comparison that starts now."""
    members = {item.experiment.name: item for item in prepared}
    used = _used_sources(members.values())
    facts = {
        "name": study.name,
        "config": {name: item.experiment.to_plain() for name, item in members.items()},
        "versions": installed_versions(),
        "plugins": [_plugin(plugin) for plugin in plugins if plugin.name in used],
        "machine": {**machine_facts(), **resources},
        "commit": _commit(),
        "started": _now(),
        "finished": None,
        "seconds": 0.0,
        "seeds": {name: list(item.experiment.seeds) for name, item in members.items()},
        "members": {name: _member(item) for name, item in members.items()},
    }
    return Manifest.marked(facts)


def _plugin(plugin: Plugin) -> dict[str, Any]:
    """With the hash of a local file, so that whoever repeats the comparison knows it again."""
    facts = dict(vars(plugin))
    if plugin.version == "local file":
        facts["sha256"] = file_digest(Path(plugin.source))
    return facts


def _member(prepared: Prepared) -> dict[str, Any]:
    experiment, splits, variant = prepared.experiment, prepared.splits, prepared.experiment.variant
    objectives = experiment.labels
    return {
        **({"variant": dataclasses.asdict(variant)} if variant else {}),
        "data": {
            "name": experiment.data.name,
            "fingerprint": prepared.fingerprint,
            "facts": reading_facts(prepared),
            "notes": [note.to_plain() for note in reading_notes(prepared)],
        },
        "splits": {
            "train": len(splits.train),
            "validation": len(splits.validation),
            "test": len(splits.test),
            "by": splits.by,
            "hash": splits.digest(),
        },
        "composition": {
            name: _composition(part, prepared.n_classes)
            for name, part in (
                ("train", splits.train),
                ("validation", splits.validation),
                ("test", splits.test),
            )
        },
        "classes": list(prepared.dataset.class_names),
        "groups": _group_names(prepared),
        "budget": {
            "steps": prepared.total_steps,
            "epochs": round(prepared.total_steps / prepared.steps_per_epoch, 2),
            "batch_size": experiment.training.batch_size,
        },
        "primary_metric": experiment.evaluation.primary_metric,
        "draw_by": experiment.evaluation.draw_by,
        "network_evaluators": [
            name for name, one in prepared.evaluators().items() if isinstance(one, NetworkEvaluator)
        ],
        "baseline_objective": "simclr" if "simclr" in objectives else objectives[-1],
        "warnings": list(prepared.warnings),
        "guards": prepared.inspection.to_plain() if prepared.inspection else None,
    }


def _composition(part: Part, n_classes: int) -> dict[str, Any]:
    """Samples of each class, those without a label, and the number of groups."""
    return {
        "classes": np.bincount(part.y[part.y >= 0], minlength=n_classes).tolist(),
        "unlabelled": int((part.y < 0).sum()),
        "groups": None if part.groups is None else len(np.unique(part.groups)),
    }


def _group_names(prepared: Prepared) -> dict[str, str]:
    """Number → name of the groups of the test part, where the source names them."""
    groups, names = prepared.splits.test.groups, prepared.dataset.group_names
    if groups is None or not names:
        return {}
    return {str(number): prepared.dataset.group_name(number) for number in np.unique(groups).tolist()}


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a comparison's folder.

    Raises:
        SSLKitError: none, an unreadable one, or one of another program.
    """
    return read_record(folder / "manifest.json", Manifest)


def keep_or_refuse(folder: Path, manifest: dict[str, Any]) -> dict[str, Any]:
    """The manifest to go on with: the folder's own where it is of this very comparison, or of a part of it.

    Members may be added, such as points of a grid; none may be missing or differ, for its finished runs stay.

    Raises:
        SSLKitError: the folder holds results of another config or of other data.
    """
    path = folder / "manifest.json"
    require_own_folder(folder, path.name)
    remove_leftovers(folder)
    if not path.exists():
        return manifest
    old = read_manifest(folder)
    kept = {name: config for name, config in manifest["config"].items() if name in old["config"]}
    changed = sorted(_differences({name: old["config"][name] for name in kept}, kept))
    for name, member in manifest["members"].items():
        if old["members"].get(name, member)["data"]["fingerprint"] != member["data"]["fingerprint"]:
            changed.append(f"the contents of the data '{name}'")
    gone = [f"'{name}'" for name in old["config"] if name not in kept]
    if changed or gone:
        reasons = ([f"{_some(changed)} changed"] if changed else []) + (
            [f"{_some(gone)} {'is' if len(gone) == 1 else 'are'} no longer in it"] if gone else []
        )
        raise SSLKitError(
            f"{folder} holds results of another config: {'; '.join(reasons)}. Only a config with more (points of a "
            "grid, data sets) goes on in the same folder. Give this one a folder of its own with --out DIR (or name: "
            "in the config), or delete the old folder."
        )
    return {**manifest, "started": old.get("started"), "seconds": old.get("seconds", 0.0)}


def _some(names: list[str], most: int = 6) -> str:
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")


def _differences(old: Any, new: Any, path: tuple[str, ...] = ()) -> Iterable[str]:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in {*old, *new}:
            yield from _differences(old.get(key), new.get(key), (*path, str(key)))
    elif old != new and path[1:] not in FREE_TO_CHANGE:
        yield ".".join(path)


def finish(folder: Path, manifest: dict[str, Any], seconds: float, complete: bool) -> None:
    """Add the time that was spent, and when it ended."""
    done = {**manifest, "seconds": manifest["seconds"] + seconds, "finished": _now() if complete else None}
    write_json(folder / "manifest.json", done)


def _used_sources(prepared: Iterable[Prepared]) -> set[str]:
    found: set[str] = set()
    for item in prepared:
        found |= {entry.source for entry in item.used_entries()}
    return found


def installed_versions() -> dict[str, str]:
    """Of Python and of the packages that shape figures."""
    found = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            found[package] = "not installed as a package"
    return found


def machine_facts() -> dict[str, Any]:
    """Of the machine, and the command that was given."""
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "processors": os.cpu_count(),
        "gpu": gpu_name(),
        "command": " ".join([Path(sys.argv[0]).name, *sys.argv[1:]]),
    }


def _commit() -> str | None:
    """The commit of the folder that the user works in, where it is a repository."""
    try:
        found = subprocess.run(
            ["git", "describe", "--always", "--dirty", "--abbrev=12"],
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=5,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return found.stdout.strip() or None


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
