"""A comparison's folder, finished or not, whole or damaged."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sslkit.errors import SSLKitError
from sslkit.report.read import read_comparison


def changed_manifest(folder: Path, **changes: object) -> None:
    path = folder / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), **changes}), encoding="utf-8")


def test_a_finished_folder(one_data_set: Path) -> None:
    comparison = read_comparison(one_data_set)
    (member,) = comparison.members
    assert (comparison.name, comparison.missing) == ("one", ())
    assert member.spec is not None and (member.spec.modality, member.spec.shape) == ("image", (3, 28, 28))
    assert member.class_names[3] == "dress"
    assert len(member.runs) == 5 * 3 and all(run.finished for run in member.runs)
    byol = member.runs_of("byol")[0]
    assert len(byol.training) == 64 and len(byol.monitor) == 16 and byol.last_step == 640
    assert byol.map_path is not None and byol.predictions_path is None
    assert byol.cost["samples_seen"] == 163_840


def test_without_manifest_and_results_figures_come_from_the_runs(one_data_set: Path) -> None:
    (whole,) = read_comparison(one_data_set).members
    (one_data_set / "manifest.json").unlink()
    (one_data_set / "results.csv").unlink()
    comparison = read_comparison(one_data_set)
    (rescued,) = comparison.members
    assert comparison.missing == (
        "manifest.json is not written yet: config, versions and splits are unknown.",
    )
    assert rescued.figures == whole.figures


def test_runs_that_lie_in_another_members_folder(one_data_set: Path) -> None:
    manifest = json.loads((one_data_set / "manifest.json").read_text("utf-8"))
    facts = {**manifest["members"]["clothes"], "shared": {"byol-seed0": "clothes", "none-seed0": "clothes"}}
    changed_manifest(one_data_set, members={**manifest["members"], "other": facts})
    other = read_comparison(one_data_set).members[1]
    assert [(run.method, run.seed) for run in other.runs] == [("byol", 0)]
    assert other.figures["byol", "linear", "all"].keys() == {0}


def test_a_folder_of_runs_that_the_manifest_does_not_know(one_data_set: Path) -> None:
    (one_data_set / "clothes").rename(one_data_set / "renamed")
    listed, found = read_comparison(one_data_set).members
    assert (listed.name, found.name, listed.runs) == ("clothes", "renamed", [])
    assert found.figures == listed.figures != {}  # its runs have them too


def test_what_is_not_finished_or_not_begun_is_said(one_data_set: Path) -> None:
    run = one_data_set / "clothes" / "byol-seed1"
    (run / "result.json").unlink()
    lines = (one_data_set / "results.csv").read_text("utf-8").splitlines()
    kept = [line for line in lines if not line.startswith("clothes,byol,1,")]
    (one_data_set / "results.csv").write_text("\n".join(kept), encoding="utf-8")
    manifest = json.loads((one_data_set / "manifest.json").read_text("utf-8"))
    manifest["config"]["clothes"]["objectives"].append({"name": "byol", "label": "slow byol"})
    changed_manifest(one_data_set, config=manifest["config"])
    assert read_comparison(one_data_set).missing == (
        "clothes: byol, seed 1, is not finished; it stands at step 640 of 640.",
        "clothes: no figures yet of slow byol (seeds 0, 1, 2).",
    )


def test_a_figure_that_is_no_number_is_left_out_and_said(one_data_set: Path) -> None:
    path = one_data_set / "results.csv"
    lines = path.read_text("utf-8").splitlines()
    index = next(i for i, line in enumerate(lines) if line.startswith("clothes,byol,1,linear,all,0,accuracy"))
    lines[index] = "clothes,byol,1,linear,all,0,accuracy,nan"
    path.write_text("\n".join(lines), encoding="utf-8")
    comparison = read_comparison(one_data_set)
    assert comparison.missing == ("clothes: accuracy (linear) of byol, seed 1, is nan; it is left out.",)
    assert comparison.members[0].figures["byol", "linear", "all"].keys() == {0, 2}


def test_own_baselines_stand_after_the_usual_ones(one_data_set: Path) -> None:
    manifest = json.loads((one_data_set / "manifest.json").read_text("utf-8"))
    manifest["config"]["clothes"]["baselines"].append("minirocket")
    changed_manifest(one_data_set, config=manifest["config"])
    (member,) = read_comparison(one_data_set).members
    assert member.baselines == ["random", "handcrafted", "supervised", "minirocket"]


def test_folders_that_are_no_comparison(tmp_path: Path) -> None:
    with pytest.raises(SSLKitError, match="there is no folder"):
        read_comparison(tmp_path / "nowhere")
    with pytest.raises(SSLKitError, match="holds no run of a comparison"):
        read_comparison(tmp_path)


def test_unreadable_files_are_named(one_data_set: Path) -> None:
    (one_data_set / "results.csv").write_text("data,objective\nclothes,byol\n", encoding="utf-8")
    with pytest.raises(SSLKitError, match=r"results\.csv has a row that cannot be read"):
        read_comparison(one_data_set)
    (one_data_set / "results.csv").unlink()
    (one_data_set / "clothes" / "byol-seed0" / "result.json").write_text("{", encoding="utf-8")
    with pytest.raises(SSLKitError, match=r"result\.json: is not the result of a run: it is no JSON"):
        read_comparison(one_data_set)
