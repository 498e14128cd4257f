"""One run: its folder, its files, its figures, and that nothing of another run is taken for it."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sslkit
from sslkit.assembly import Prepared
from sslkit.errors import SSLKitError
from sslkit.evaluation.features import Predictions
from sslkit.running import runs
from sslkit.running.evaluate import Measurements
from sslkit.running.runs import (
    Run,
    execute,
    former_result,
    pretrain_run,
    read_result,
    runs_of,
    write_map,
    write_predictions,
)
from tests.running.conftest import Prepare, silent


def json_of(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture
def copied(executed: tuple[Run, Path], tmp_path: Path) -> Path:
    return shutil.copytree(executed[1], tmp_path / "copy")


def test_whole_pairs_come_first(prepare_with: Prepare) -> None:
    experiment = replace(prepare_with().experiment, seeds=(3, 1))
    assert [run.folder_name for run in runs_of(experiment)] == [
        f"{method}-seed{seed}" for seed in (3, 1) for method in ("byol", "simclr", "handcrafted")
    ]


def test_a_method_is_called_by_its_label(prepare_with: Prepare) -> None:
    (spec, _) = prepare_with().experiment.objectives
    named = replace(spec, settings={**spec.settings, "label": "slow byol"})
    assert Run(named, 7).method == "slow byol" and Run(named, 7).folder_name == "slow byol-seed7"


def test_files_of_an_objective(executed: tuple[Run, Path], prepared: Prepared) -> None:
    _, folder = executed
    assert {path.name for path in folder.iterdir()} == {
        "checkpoint.pt", "encoder.json", "encoder.safetensors", "map.npz", "metrics.jsonl", "predictions.npz",
        "result.json", "run.json",
    }  # fmt: skip
    described = json_of(folder / "run.json")
    assert described["config"] == prepared.experiment.to_plain()
    assert (described["seed"], described["objective"]["name"]) == (0, "simclr")
    assert described["sslkit"] == sslkit.__version__


def test_figures_of_an_objective(executed: tuple[Run, Path], prepared: Prepared) -> None:
    _, folder = executed
    result = read_result(folder)
    assert result is not None
    assert (result["data"], result["objective"], result["seed"]) == ("tiny", "simclr", 0)
    draws = {(row["labels_per_class"], row["draw"]) for row in result["rows"] if row["evaluator"] == "linear"}
    assert draws == {(3, 0), (3, 1), ("all", 0)}  # all labels can be drawn in one way only
    assert {row["metric"] for row in result["rows"] if row["evaluator"] == "linear"} >= {"accuracy"}
    assert {row["metric"] for row in result["rows"] if row["evaluator"] == "geometry"} == set(
        result["geometry"]
    )
    backbone = prepared.backbone(0)
    cost = result["cost"]
    assert cost["parameters"] == sum(parameter.numel() for parameter in backbone.parameters())
    assert (cost["steps"], cost["samples_seen"]) == (4, 4 * 16)
    assert cost["samples_per_second"] == pytest.approx(cost["samples_seen"] / cost["seconds"])
    assert cost["peak_memory_mb"] > 50


def test_the_same_run_gives_the_same_bits(
    executed: tuple[Run, Path], prepared: Prepared, tmp_path: Path
) -> None:
    run, folder = executed
    execute(prepared, run, tmp_path / "again", silent)
    for name in ("encoder.safetensors", "map.npz", "predictions.npz"):
        assert (tmp_path / "again" / name).read_bytes() == (folder / name).read_bytes(), name
    again, before = json_of(tmp_path / "again" / "result.json"), json_of(folder / "result.json")
    assert again["rows"] == before["rows"] and again["geometry"] == before["geometry"]


def test_a_baseline_leaves_figures_and_predictions_only(prepared: Prepared, tmp_path: Path) -> None:
    run = runs_of(prepared.experiment)[-1]
    execute(prepared, run, tmp_path, silent)
    assert {path.name for path in tmp_path.iterdir()} == {"predictions.npz", "result.json"}
    result = read_result(tmp_path)
    assert result is not None and result["cost"].keys() == {"seconds"} and result["geometry"] == {}
    assert {row["evaluator"] for row in result["rows"]} == {"linear"}


def test_where_the_result_stands_everything_else_does(
    prepared: Prepared, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full_disk(path: Path, arrays: object) -> None:
        raise SSLKitError("the disk is full")

    monkeypatch.setattr(runs, "write_npz", full_disk)
    with pytest.raises(SSLKitError, match="the disk is full"):
        execute(prepared, runs_of(prepared.experiment)[-1], tmp_path, silent)
    assert read_result(tmp_path) is None and not (tmp_path / "result.json").exists()


def test_a_trial_of_tuning_never_reads_the_test_part(prepared: Prepared, tmp_path: Path) -> None:
    """Its figures do not change when the test part does, and so are not of it."""
    spec, found = prepared.experiment.baselines[0], []
    evaluation = prepared.experiment.evaluation.model_copy(update={"labels_per_class": (3,), "draws": 1})
    prepared.experiment = replace(prepared.experiment, evaluation=evaluation)
    other = replace(
        prepared.splits, test=replace(prepared.splits.test, y=prepared.splits.test.y[::-1].copy())
    )
    for splits, on_validation in ((prepared.splits, True), (other, True), (other, False)):
        execute(replace(prepared, splits=splits), Run(spec, 0, on_validation), tmp_path, silent)
        found.append(json_of(tmp_path / "result.json")["rows"])
    assert found[0] == found[1] != found[2]


def test_a_run_of_another_config_is_not_trained_over(copied: Path, prepare_with: Prepare) -> None:
    other = prepare_with(backbone={"name": "resnet1d", "width": 6})
    (copied / "checkpoint.pt").unlink()
    before = {path.name: path.read_bytes() for path in copied.iterdir()}
    with pytest.raises(SSLKitError, match="holds a run of another config, data, seed or number of processes"):
        pretrain_run(other, runs_of(other.experiment)[1], copied, silent)
    assert before == {path.name: path.read_bytes() for path in copied.iterdir()}


def test_a_damaged_description_is_written_anew(copied: Path, prepared: Prepared) -> None:
    whole = (copied / "run.json").read_bytes()
    (copied / "run.json").write_bytes(whole[:40])
    (copied / ".run.json.17.tmp").write_bytes(b"left by a killed run")
    pretrain_run(prepared, runs_of(prepared.experiment)[1], copied, silent)
    assert (copied / "run.json").read_bytes() == whole
    assert not list(copied.glob(".*.tmp"))


@pytest.mark.parametrize(
    "damage",
    [
        lambda result: None,
        lambda result: [result],
        lambda result: {key: value for key, value in result.items() if key != "seed"},
        lambda result: {**result, "rows": {}},
        lambda result: {**result, "rows": [*result["rows"], 3]},
        lambda result: {**result, "rows": [{**result["rows"][0], "more": 1}]},
        lambda result: {**result, "rows": [dict(list(result["rows"][0].items())[1:])]},
    ],
)
def test_only_a_whole_result_counts(copied: Path, damage: Any) -> None:
    path = copied / "result.json"
    whole = json_of(path)
    assert read_result(copied) == whole
    path.write_text(json.dumps(damage(whole)), encoding="utf-8")
    assert read_result(copied) is None
    path.write_bytes(b"{")
    assert read_result(copied) is None
    path.unlink()
    assert read_result(copied) is None


def test_what_an_earlier_result_said(copied: Path, tmp_path: Path) -> None:
    result = json_of(copied / "result.json")
    assert former_result(copied) == {"cost": result["cost"], "alarms": result["alarms"]}
    nothing = {"cost": {}, "alarms": []}
    assert former_result(tmp_path) == nothing
    (copied / "result.json").write_text('{"cost": 3, "alarms": []}', encoding="utf-8")
    assert former_result(copied) == nothing


def test_the_map_has_samples_from_end_to_end(
    prepared: Prepared, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "MAP_SAMPLES", 3)
    features = np.arange(48, dtype=np.float32).reshape(24, 2)
    write_map(prepared, Measurements([], test_features=features), tmp_path)
    with np.load(tmp_path / "map.npz") as found:
        assert found["features"].tolist() == [[0, 1], [22, 23], [46, 47]]
        assert found["y"].tolist() == prepared.splits.test.y[[0, 11, 23]].tolist()


def test_predictions_are_probabilities_with_their_labels_and_groups(
    prepared: Prepared, tmp_path: Path
) -> None:
    index, scores = np.array([4, 1]), np.array([[0.0, np.log(3.0)], [5.0, 5.0]])
    write_predictions(prepared, Measurements([]), tmp_path)
    assert not (tmp_path / "predictions.npz").exists()
    given = Measurements([], predictions=Predictions("linear", "all", scores, index))
    groups = np.arange(24) // 3
    grouped = replace(prepared.splits, test=replace(prepared.splits.test, groups=groups))
    write_predictions(replace(prepared, splits=grouped), given, tmp_path)
    with np.load(tmp_path / "predictions.npz") as found:
        np.testing.assert_allclose(found["scores"], [[0.25, 0.75], [0.5, 0.5]], rtol=1e-6)
        assert found["labels"].tolist() == prepared.splits.test.y[index].tolist()
        assert found["groups"].tolist() == [1, 0]
        assert (str(found["evaluator"]), str(found["labels_per_class"])) == ("linear", "all")
