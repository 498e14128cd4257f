"""The manifest says what ran, and decides whether a folder's results may be added to."""

from __future__ import annotations

import json
import platform
import subprocess
from dataclasses import replace
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from sslkit.assembly import Prepared
from sslkit.config import Study, Variant
from sslkit.errors import SSLKitError
from sslkit.plugins import Plugin
from sslkit.running.manifest import (
    finish,
    installed_versions,
    keep_or_refuse,
    machine_facts,
    make_manifest,
    read_manifest,
)

RESOURCES = {"pool": "local", "workers": 3, "threads": 2}


def manifest_of(prepared: Prepared, *plugins: Plugin) -> dict[str, Any]:
    return make_manifest(Study("s", (prepared.experiment,)), [prepared], plugins, RESOURCES)


def write(folder: Path, manifest: Any) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def test_what_ran(prepared: Prepared) -> None:
    found = manifest_of(prepared)
    assert json.loads(json.dumps(found)) == found, "all of it is plain"
    assert found["config"] == {"tiny": prepared.experiment.to_plain()}
    assert found["machine"].items() >= RESOURCES.items()
    assert (found["finished"], found["seconds"], found["seeds"]) == (None, 0.0, {"tiny": [0]})
    assert datetime.fromisoformat(found["started"]).tzinfo is not None
    member = found["members"]["tiny"]
    assert member["data"]["fingerprint"] == prepared.fingerprint
    assert member["splits"]["hash"] == prepared.splits.digest()
    assert member["budget"] == {"steps": 4, "epochs": round(4 / (52 // 16), 2), "batch_size": 16}
    assert member["baseline_objective"] == "simclr" and "variant" not in member


def test_parts_in_numbers(prepared: Prepared) -> None:
    """Counted by hand: classes, samples without a label, groups and their names."""
    y, groups = np.array([0, 1, 1, -1]), np.array([7, 7, 9, 9])
    test = replace(prepared.splits.test, y=y, groups=groups)
    dataset = replace(prepared.dataset, group_names=tuple(f"person {number}" for number in range(10)))
    item = replace(prepared, dataset=dataset, splits=replace(prepared.splits, test=test))
    member = manifest_of(item)["members"]["tiny"]
    assert member["composition"]["test"] == {"classes": [1, 2], "unlabelled": 1, "groups": 2}
    assert member["composition"]["train"]["groups"] is None
    assert member["groups"] == {"7": dataset.group_name(7), "9": dataset.group_name(9)}


def test_variants_say_what_they_vary(prepared: Prepared) -> None:
    prepared.experiment = replace(prepared.experiment, variant=Variant("tiny", "grid", {"budget.steps": 4}))
    assert manifest_of(prepared)["members"]["tiny"]["variant"] == {
        "of": "tiny", "kind": "grid", "values": {"budget.steps": 4},
    }  # fmt: skip


def test_only_plugins_that_were_used(prepared: Prepared) -> None:
    used, unused = (Plugin(name, "1", "x", (), "loaded") for name in ("sslkit", "other"))
    assert [plugin["name"] for plugin in manifest_of(prepared, used, unused)["plugins"]] == ["sslkit"]


def test_versions_and_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    found = installed_versions()
    assert (found["python"], found["torch"]) == (platform.python_version(), version("torch"))
    monkeypatch.setattr("sslkit.running.manifest.PACKAGES", ("no-such-package",))
    assert installed_versions()["no-such-package"] == "not installed as a package"
    monkeypatch.setattr("sys.argv", ["/somewhere/sslkit", "compare", "x.yaml"])
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
    facts = machine_facts()
    assert facts["command"] == "sslkit compare x.yaml" and facts["gpu"] == "Apple MPS"
    assert facts["system"] == f"{platform.system()} {platform.machine()}"


def test_the_commit_of_the_users_folder(
    prepared: Prepared, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert manifest_of(prepared)["commit"] is None
    for command in (
        ["init", "-q"],
        ["-c", "user.name=x", "-c", "user.email=x@y", "commit", "-q", "--allow-empty", "-m", "x"],
    ):
        subprocess.run(["git", *command], check=True)
    head = subprocess.run(
        ["git", "rev-parse", "HEAD"], check=True, capture_output=True, encoding="ascii"
    ).stdout
    assert manifest_of(prepared)["commit"] == head[:12]
    monkeypatch.setenv("PATH", str(tmp_path))
    assert manifest_of(prepared)["commit"] is None


def test_an_empty_folder_is_begun(prepared: Prepared, tmp_path: Path) -> None:
    manifest = manifest_of(prepared)
    assert keep_or_refuse(tmp_path / "new", manifest) is manifest
    (tmp_path / ".lock").touch()
    assert keep_or_refuse(tmp_path, manifest) is manifest
    (tmp_path / "notes.txt").touch()
    with pytest.raises(SSLKitError, match=r"holds files \(notes.txt\), but no manifest\.json of sslkit"):
        keep_or_refuse(tmp_path, manifest)


def test_the_same_comparison_goes_on(prepared: Prepared, tmp_path: Path) -> None:
    first, now = manifest_of(prepared), manifest_of(prepared)
    write(tmp_path, {**first, "started": "then", "seconds": 12.5})
    kept = keep_or_refuse(tmp_path, now)
    assert (kept["started"], kept["seconds"]) == ("then", 12.5)
    assert {**kept, "started": now["started"], "seconds": 0.0} == now


@pytest.mark.parametrize(
    ("section", "key", "value", "free"),
    [
        ("training", "checkpoint_seconds", 99.0, True),
        ("training", "log_every", 3, True),
        ("training", "tensorboard", True, True),
        ("guards", "leaks", "warn", True),
        ("training", "batch_size", 8, False),
        ("training", "precision", "bf16", False),
        ("evaluation", "draws", 5, False),
    ],
)
def test_what_shapes_no_figure_may_change(
    prepared: Prepared, tmp_path: Path, section: str, key: str, value: object, free: bool
) -> None:
    first, now = manifest_of(prepared), manifest_of(prepared)
    write(tmp_path, first)
    now["config"]["tiny"][section][key] = value
    if free:
        assert keep_or_refuse(tmp_path, now)["config"] == now["config"]
    else:
        with pytest.raises(SSLKitError, match=f"results of another config: tiny.{section}.{key} changed"):
            keep_or_refuse(tmp_path, now)


def test_members_may_be_added_but_none_may_go(prepared: Prepared, tmp_path: Path) -> None:
    more = replace(prepared, experiment=replace(prepared.experiment, name="more"))
    study = Study("s", (prepared.experiment, more.experiment))
    one, both = manifest_of(prepared), make_manifest(study, [prepared, more], (), RESOURCES)
    write(tmp_path, one)
    assert keep_or_refuse(tmp_path, both)["config"].keys() == {"tiny", "more"}
    write(tmp_path, both)
    with pytest.raises(SSLKitError, match="'more' is no longer in it"):
        keep_or_refuse(tmp_path, one)


def test_other_data_of_the_same_config(prepared: Prepared, tmp_path: Path) -> None:
    write(tmp_path, manifest_of(prepared))
    with pytest.raises(SSLKitError, match="the contents of the data 'tiny' changed"):
        keep_or_refuse(tmp_path, manifest_of(replace(prepared, fingerprint="0" * 64)))


@pytest.mark.parametrize(
    "content", ["{", "[]", "{}", '{"config": {}, "members": {"a": {}}}', '{"config": 3, "members": {}}']
)
def test_what_is_no_manifest(tmp_path: Path, content: str) -> None:
    (tmp_path / "manifest.json").write_text(content, encoding="utf-8")
    with pytest.raises(SSLKitError, match=r"manifest\.json: is not a manifest of sslkit"):
        read_manifest(tmp_path)


def test_time_adds_up_and_the_end_is_told_when_all_is_done(prepared: Prepared, tmp_path: Path) -> None:
    manifest = {**manifest_of(prepared), "seconds": 10.0}
    finish(tmp_path, manifest, 2.5, complete=False)
    assert (read_manifest(tmp_path)["seconds"], read_manifest(tmp_path)["finished"]) == (12.5, None)
    finish(tmp_path, manifest, 3.0, complete=True)
    found = read_manifest(tmp_path)
    assert found["seconds"] == 13.0 and datetime.fromisoformat(found["finished"])
