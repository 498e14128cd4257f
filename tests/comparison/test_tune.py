"""Tuning: equal trials, chosen on validation only, kept on disk, and said in the results."""

from __future__ import annotations

import builtins
import json
from pathlib import Path

import numpy as np
import pytest
import yaml

from sslkit import api
from sslkit.cli import run
from sslkit.errors import SSLKitError
from sslkit.report.terminal.tables import print_table
from tests.conftest import tiny, write_signals

RATE = {"low": 1e-4, "high": 1e-2, "log": True}
RANGES = {
    "byol": {"objectives.byol.tau": [0.9, 0.99], "optimizer.learning_rate": RATE},
    "supervised": {"baselines.supervised.learning_rate": [1e-3, 1e-2]},
}


def config(data: Path, **tuning) -> dict:
    return tiny(
        data,
        baselines=[{"name": "supervised", "steps": 2}],
        budget={"steps": 2},
        evaluation={"labels_per_class": ["all"], "draws": 1},
        evaluators=["linear"],
        seeds=[0],
        tuning={"trials": 3, "ranges": RANGES, **tuning},
    )


def compared(folder: Path, content: dict) -> dict:
    """The manifest's word on tuning."""
    folder.mkdir(exist_ok=True)
    (folder / "tuned.yaml").write_text(yaml.safe_dump(content))
    api.compare(folder / "tuned.yaml", out=folder / "run", quiet=True)
    return json.loads((folder / "run" / "manifest.json").read_text())["members"]["arrays"]["tuning"]


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tuned")
    return folder, compared(folder, config(write_signals(folder / "signals.npz")))


def test_every_method_has_its_trials_and_the_best_on_validation_is_used(finished):
    _, record = finished
    assert record["trials"] == 3 and record["not_tuned"] == ["simclr"] and record["trial_seed"] != 0
    assert len(record["methods"]["byol"]["tried"]) == 3
    assert len(record["methods"]["supervised"]["tried"]) == 2  # there are no more values
    for method in record["methods"].values():
        figures = [trial["figure"] for trial in method["tried"]]
        assert method["chosen_trial"] == int(np.argmax(figures)) and method["figure"] == max(figures)
        assert method["seconds"] > 0


def test_the_test_labels_choose_nothing(finished, tmp_path):
    _, record = finished
    data = write_signals(tmp_path / "signals.npz")
    arrays = dict(np.load(data))
    arrays["y_test"] = 1 - arrays["y_test"]
    np.savez(data, **arrays)
    again = compared(tmp_path / "b", config(data))

    def kept(found):
        return {
            label: [(trial["settings"], trial["figure"]) for trial in method["tried"]]
            for label, method in found["methods"].items()
        }

    assert kept(again) == kept(record)
    assert [m["chosen"] for m in again["methods"].values()] == [
        m["chosen"] for m in record["methods"].values()
    ]


def test_finished_trials_are_not_repeated(finished):
    folder, record = finished
    results = {path: path.stat().st_mtime_ns for path in folder.glob("run/arrays/tuning/*/result.json")}
    assert len(results) == 5
    lost = next(path for path in results if path.parent.name == "byol-trial1")
    before = json.loads(lost.read_text())["rows"]
    lost.unlink()
    assert (
        compared(folder, config(folder / "signals.npz"))["methods"]["byol"]["chosen"]
        == (record["methods"]["byol"]["chosen"])
    )
    assert json.loads(lost.read_text())["rows"] == before
    assert all(path.stat().st_mtime_ns == then for path, then in results.items() if path != lost)


def test_table_and_report_say_so(finished, capsys):
    from rich.console import Console

    folder, _ = finished
    print_table(folder / "run", Console(width=200))
    words = "byol and supervised: each method tuned with 3 trials on validation"
    assert words in capsys.readouterr().out
    page = (folder / "run" / "report.html").read_text()
    assert words in page and "0.0001 … 0.01, logarithmic" in page


def test_the_comparison_is_reproduced_with_what_was_chosen(finished):
    folder, _ = finished
    found = api.reproduce(folder / "run", quiet=True)
    record = json.loads((folder / "run" / "manifest.json").read_text())["members"]["arrays"]["tuning"]
    assert found.same and found.compared
    again = json.loads((folder / "run-reproduced" / "manifest.json").read_text())["members"]["arrays"]
    assert again["tuning"] == record
    assert not (folder / "run-reproduced" / "arrays" / "tuning").exists()


def test_a_trial_that_fails_counts_as_lost_and_is_not_tried_again(tmp_path, monkeypatch):
    from sslkit.running import runs

    real, tried = runs.execute, []

    def failing(prepared, run, folder, report):
        tried.append(folder.name)
        if folder.name == "byol-trial1":
            raise SSLKitError("diverged")
        real(prepared, run, folder, report)

    monkeypatch.setattr("sslkit.running.pools.worker.execute", failing)
    content = config(write_signals(tmp_path / "s.npz"), trials=2, ranges={"byol": RANGES["byol"]})
    record = compared(tmp_path, content)
    assert [trial["error"] for trial in record["methods"]["byol"]["tried"]] == ["", "diverged"]
    assert record["methods"]["byol"]["chosen"] == {}
    compared(tmp_path, content)
    assert tried.count("byol-trial1") == 1


def test_without_optuna_one_line_names_the_extra(tmp_path, signals, monkeypatch, capsys):
    real = builtins.__import__

    def no_optuna(name, *rest, **more):
        if name == "optuna":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", no_optuna)
    (tmp_path / "t.yaml").write_text(yaml.safe_dump(config(signals)))
    for command in ("check", "compare"):
        assert run([command, str(tmp_path / "t.yaml")]) == 2
        assert 'pip install "sslkit[optuna]"' in capsys.readouterr().err
