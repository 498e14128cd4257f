"""A comparison repeated from its manifest."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import yaml

import sslkit.api
from sslkit.cli import run
from sslkit.comparison.reproduce import changes
from tests.comparison.test_guarded import QUICK
from tests.conftest import tiny, write_signals


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reproduce")
    data = write_signals(folder / "signals.npz")
    config = tiny(data, **{**QUICK, "seeds": [0, 1], "grid": {"training.batch_size": [16, 24]}})
    (folder / "c.yaml").write_text(yaml.safe_dump(config))
    assert run(["compare", str(folder / "c.yaml"), "--out", str(folder / "run")]) == 0
    return folder


@pytest.fixture
def copied(finished: Path, tmp_path: Path) -> Path:
    return shutil.copytree(finished / "run", tmp_path / "run")


def edit_table(folder: Path, number: int, value: str) -> dict[str, str]:
    with (folder / "results.csv").open() as file:
        rows = list(csv.DictReader(file))
    rows[number]["value"] = value
    with (folder / "results.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return rows[number]


def test_the_same_figures_to_the_bit(copied, capsys):
    assert run(["reproduce", str(copied)]) == 0
    assert "figures are equal to the bit" in capsys.readouterr().out
    assert (copied.parent / "run-reproduced" / "report.html").exists()
    first, second = ((copied.parent / name / "results.csv").read_text() for name in ("run", "run-reproduced"))
    assert first == second


def test_a_changed_figure_is_found(copied, capsys):
    row = edit_table(copied, 0, "0.123")
    assert (
        run(["reproduce", str(copied), "--runs", f"{row['data']}/{row['objective']}-seed{row['seed']}"]) == 1
    )
    out = capsys.readouterr().out
    assert "NOT reproduced: 1 of" in out
    assert f"changed: {row['data']} · {row['objective']} · seed {row['seed']} · {row['evaluator']}" in out
    assert "0.123 → " in out
    assert "results.csv and result.json" in out and "disagree" in out


def test_a_figure_changed_in_a_cells_own_file_is_found(copied, capsys):
    path = next(copied.rglob("simclr-seed1/result.json"))
    result = json.loads(path.read_text())
    result["rows"][2]["value"] += 1e-9
    path.write_text(json.dumps(result))
    assert run(["reproduce", str(copied), "--runs", "simclr-seed1"]) == 1
    assert "disagree" in capsys.readouterr().out


def test_some_cells_only(copied):
    found = sslkit.api.reproduce(copied, runs="random-seed0", quiet=True)
    assert found.same and found.compared > 0
    again = copied.parent / "run-reproduced"
    assert {path.parent.name for path in again.rglob("result.json")} == {"random-seed0"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["--runs", "nothing*"], "no figure of a run like"), (["--tolerance", "-1"], "0 or more")],
)
def test_bad_input(copied, capsys, arguments, said):
    assert run(["reproduce", str(copied), *arguments]) == 2
    assert said in capsys.readouterr().err


def test_no_comparison(tmp_path, capsys):
    assert run(["reproduce", str(tmp_path)]) == 2
    assert "manifest" in capsys.readouterr().err


def test_into_itself(copied, capsys):
    assert run(["reproduce", str(copied), "--out", str(copied)]) == 2
    assert "folder of its own" in capsys.readouterr().err


def test_other_data_are_refused(copied, finished, capsys, tmp_path):
    manifest = json.loads((copied / "manifest.json").read_text())
    other = write_signals(tmp_path / "other.npz")
    with np.load(other) as data:
        np.savez(other, **{**data, "X_train": data["X_train"] + 1})
    for config in manifest["config"].values():
        config["data"]["path"] = str(other)
    (copied / "manifest.json").write_text(json.dumps(manifest))
    assert run(["reproduce", str(copied)]) == 2
    assert "no longer those of the first run" in capsys.readouterr().err


def test_other_versions_are_said_and_give_a_tolerance(copied, capsys):
    manifest = json.loads((copied / "manifest.json").read_text())
    manifest["versions"]["torch"] = "1.0"
    (copied / "manifest.json").write_text(json.dumps(manifest))
    assert run(["reproduce", str(copied), "--runs", "random-seed0"]) == 0
    out = capsys.readouterr().out
    assert "differs: torch: 1.0 then" in out and "the same within 0.01" in out


def test_changes_of_known_figures():
    key = ("d", "m", 0, "linear", "all", 0, "accuracy")
    other = (*key[:6], "effective_rank")
    assert changes({key: 0.5, other: 40.0}, {key: 0.509, other: 40.39}, 0.01) == []
    (found,) = changes({key: 0.5, other: 40.0}, {key: 0.5, other: 40.41}, 0.01)
    assert found.key == other
    (found,) = changes({key: 0.5}, {}, 1.0)
    assert str(found).endswith("is missing now")
    assert changes({key: float("nan")}, {key: float("nan")}, 0.0) == []
