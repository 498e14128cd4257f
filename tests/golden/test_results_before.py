"""A folder of results that the old program left is still read, judged, used and reproduced."""

from __future__ import annotations

import json
import shutil
from contextlib import chdir
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import sslkit
from tests.golden import measuring
from tests.golden.checking import FLOAT32, GEOMETRY, MOST_SAMPLES, table_problems
from tests.golden.commands import command
from tests.golden.configs import BEFORE
from tests.golden.data import write_data
from tests.golden.files import RESULTS_BEFORE, read_golden, verdict_of

RUNS = ("byol-seed0", "simclr-seed1")
ELSEWHERE = MOST_SAMPLES  # a figure of few samples, on another machine


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the old comparison was run: its data, and ``run`` with its results."""
    write_data(tmp_path)
    shutil.copytree(RESULTS_BEFORE, tmp_path / "run")
    return tmp_path


def test_report_says_the_same(folder: Path) -> None:
    assert command(folder, "report", "run") == 0
    assert verdict_of(folder / "run") == read_golden()["before"]["verdict"]
    for name in ("data_card.md", "model_card.md"):
        assert (folder / "run" / name).stat().st_size > 1000


@pytest.mark.parametrize("run", RUNS)
def test_evaluate_gives_the_same_figures(folder: Path, run: str, exact: bool) -> None:
    before = rows_of(folder, run)
    assert command(folder, "evaluate", f"run/before/{run}") == 0
    after = rows_of(folder, run)
    assert before.keys() == after.keys()
    slack = {"accuracy": MOST_SAMPLES, "balanced_accuracy": MOST_SAMPLES}
    for key, value in before.items():
        allowed = 0.0 if exact else slack.get(key[-1], GEOMETRY * max(1.0, abs(value)))
        assert abs(after[key] - value) <= allowed, key


def rows_of(folder: Path, run: str) -> dict[tuple[str, ...], float]:
    rows = json.loads((folder / "run" / "before" / run / "result.json").read_text())["rows"]
    names = ("evaluator", "labels_per_class", "draw", "metric")
    return {tuple(str(row[name]) for name in names): row["value"] for row in rows}


@pytest.mark.parametrize("run", RUNS)
def test_embed_gives_the_same_features(folder: Path, run: str, exact: bool) -> None:
    assert command(folder, "embed", f"run/before/{run}", "sensors.npz", "-o", "features.npz") == 0
    with np.load(folder / "features.npz") as found:
        features = found["features"][found["part"] == "test"]
    golden: dict[str, Any] = read_golden()["before"]["features"][f"before/{run}"]
    shown = np.array(golden["values"])
    np.testing.assert_allclose(features[: len(shown)], shown, atol=FLOAT32.features * np.abs(shown).max())
    if exact:
        assert measuring.digest_of({"features": torch.from_numpy(features)}) == golden["digest"]


def test_reproduce_says_that_it_is_the_same(
    folder: Path, exact: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same processor and libraries, or a slack: figures of 24 samples come in steps of four points."""
    assert command(folder, "reproduce", "run", *([] if exact else ["--tolerance", str(ELSEWHERE)])) == 0
    figures = len((RESULTS_BEFORE / "results.csv").read_text().splitlines()) - 1
    assert f"reproduced: all {figures} figures are" in capsys.readouterr().out
    again = folder / "run-reproduced" / "results.csv"
    assert table_problems(RESULTS_BEFORE / "results.csv", again, exact) == []


def test_reproduce_sees_a_figure_that_was_changed(folder: Path) -> None:
    table = folder / "run" / "results.csv"
    lines = table.read_text().splitlines()
    number = next(n for n, line in enumerate(lines) if ",random,0,linear,all,0,accuracy," in line)
    lines[number] = lines[number].rpartition(",")[0] + ",0.0"
    table.write_text("\n".join(lines) + "\n")
    with chdir(folder):
        found = sslkit.reproduce("run", None, "random-seed0", quiet=True)  # `cells` of old, `runs` since
    assert not found.same
    assert [change.key[4:] for change in found.contradictions] == [("all", 0, "accuracy")]


def test_a_comparison_finished_before_is_not_run_again(folder: Path) -> None:
    """``compare`` takes the old runs for its own: same config, same data, nothing left to do."""
    measuring.write_config(folder, BEFORE)
    results = {path: path.stat().st_mtime_ns for path in (folder / "run").rglob("result.json")}
    with chdir(folder):
        sslkit.compare("config.yaml", out="run", quiet=True)
    assert results == {path: path.stat().st_mtime_ns for path in (folder / "run").rglob("result.json")}
    assert (folder / "run" / "results.csv").read_bytes() == (RESULTS_BEFORE / "results.csv").read_bytes()
