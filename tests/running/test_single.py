"""One run outside a comparison."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import sslkit
from sslkit.assembly import prepare
from sslkit.config import Study, load_study
from sslkit.errors import SSLKitError
from sslkit.evaluation.geometry import PROJECTION_ALARM
from sslkit.plugins import load_registry
from sslkit.registry import Registry
from sslkit.running.single import evaluate_again, first_run, only_experiment, pretrain_alone, read_run
from sslkit.testing import tiny_study

REGISTRY: Registry = load_registry()[0]


def study_of(folder: Path, *overrides: str) -> Study:
    return load_study(tiny_study(folder), overrides, REGISTRY)


def silent(done: int, total: int, words: str) -> None:
    pass


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """The folder of a pre-trained run, its data in the folder above."""
    pretrain_alone(study_of(tmp_path).experiments[0], REGISTRY, tmp_path / "run", silent)
    return tmp_path / "run"


def change(path: Path, **changes: object) -> None:
    content = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**content, **changes}), encoding="utf-8")


def test_the_one_experiment_of_a_study(tmp_path):
    study = study_of(tmp_path)
    assert only_experiment(study) is study.experiments[0]


def test_a_suite_is_refused_with_its_members(tmp_path):
    study = study_of(tmp_path, "grid={budget.steps: [2, 3]}")
    names = ", ".join(experiment.name for experiment in study.experiments)
    with pytest.raises(SSLKitError) as caught:
        only_experiment(study)
    assert f"tiny has several members ({names})" in str(caught.value)


def test_the_first_run_is_the_first_objective_s_under_the_first_seed(tmp_path):
    study = study_of(tmp_path, "objectives=[{name: byol, label: mine}, simclr]", "seeds=[7, 3]")
    run = first_run(study.experiments[0])
    assert (run.method, run.seed, run.folder_name) == ("mine", 7, "mine-seed7")


def test_a_run_is_read_as_it_was_described(run, tmp_path):
    experiment, one = read_run(run, REGISTRY)
    prepared = prepare(study_of(tmp_path).experiments[0], REGISTRY)  # with the defaults of its kind of data
    assert experiment.to_plain() == prepared.experiment.to_plain() and experiment.name == "tiny"
    assert (one.method, one.seed) == ("simclr", 0)


def test_another_run_is_not_trained_over(run, tmp_path):
    weights = (run / "encoder.safetensors").read_bytes()
    (other,) = study_of(tmp_path, "seeds=[1]").experiments
    with pytest.raises(SSLKitError):
        pretrain_alone(other, REGISTRY, run, silent)
    assert (run / "encoder.safetensors").read_bytes() == weights


def test_judged_again_it_keeps_its_cost_and_the_alarms_of_its_training(run):
    """The projector is not kept, so what was wrong with it only the former result knows."""
    rows = evaluate_again(run, REGISTRY, silent)
    alarm = f"{PROJECTION_ALARM} and more words"
    change(run / "result.json", cost={"seconds": 12.5}, alarms=[alarm, "something else"], rows=[])
    assert evaluate_again(run, REGISTRY, silent) == rows
    result = json.loads((run / "result.json").read_text(encoding="utf-8"))
    assert result["cost"] == {"seconds": 12.5} and result["rows"] == rows
    assert alarm in result["alarms"] and "something else" not in result["alarms"]


def test_data_that_have_changed_are_not_judged(run, tmp_path):
    with np.load(tmp_path / "signals.npz") as file:
        arrays = dict(file)
    np.savez(tmp_path / "signals.npz", **{**arrays, "X_train": 2 * arrays["X_train"]})
    with pytest.raises(SSLKitError, match="no longer those that the encoder was trained on"):
        evaluate_again(run, REGISTRY, silent)
    assert not (run / "result.json").exists()


def test_an_objective_that_is_not_here_is_said(run):
    change(run / "run.json", objective={"name": "dreamt"})
    with pytest.raises(SSLKitError, match=r"its objective .*dreamt.* is not known here"):
        read_run(run, REGISTRY)


def test_a_config_that_is_not_understood_is_said_with_its_place(run):
    description = json.loads((run / "run.json").read_text(encoding="utf-8"))
    change(run / "run.json", config={**description["config"], "budget": {"steps": 0}})
    with pytest.raises(sslkit.ConfigError) as caught:
        read_run(run, REGISTRY)
    assert str(caught.value).startswith(f"{run / 'run.json'}: 1 problem\n  budget.steps: ")
