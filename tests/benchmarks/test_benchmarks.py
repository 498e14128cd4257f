"""The benchmarks run at tiny settings, and a peer that is not installed is said to be missing."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import torch

FOLDER = Path(__file__).parents[2] / "benchmarks"
TINY = ("--repeats", "1", "--seconds", "0.001")


def run(script: str, *arguments: str, cwd: Path) -> str:
    command = [sys.executable, str(FOLDER / script), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, cwd=cwd)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_augmentations_with_and_without_a_peer(tmp_path: Path) -> None:
    figures_file = tmp_path / "figures.json"
    arguments = ("--only", "sensors/time-warp", "--batch-size", "4", "--json", str(figures_file))
    output = run("augmentations.py", *TINY, *arguments, cwd=tmp_path)
    figures = json.loads(figures_file.read_text())
    (result,) = figures["results"]
    assert {"sslkit", "numpy"} <= result["rates"].keys()  # numpy's needs nothing that sslkit has not
    assert all(rate > 0 for rates in result["rates"].values() for rate in rates)
    ratio = next(ratio for ratio in figures["ratios"] if ratio["other"] == "numpy")
    assert ratio["goal"] == 80
    assert ratio["verdict"] == ("met" if ratio["ratio"] >= 80 else "missed")
    installed = find_spec("tsaug") is not None
    assert ("tsaug" in result["rates"]) == installed
    assert ("tsaug: not compared with, not installed" in " ".join(output.split())) != installed


def test_training_step(tmp_path: Path) -> None:
    figures_file = tmp_path / "figures.json"
    arguments = ("--only", "limit/sensors", "gpu/sensors", "--batch-size", "4", "--gpu-batch-size", "4")
    output = run("training_step.py", *TINY, *arguments, "--json", str(figures_file), cwd=tmp_path)
    results = {
        result["contest"]: result["rates"] for result in json.loads(figures_file.read_text())["results"]
    }
    for objective in ("simclr", "byol"):
        rates = results[f"sensors 6×128, resnet1d, {objective}"]
        assert {"sslkit, full step", "sslkit, limit"} <= rates.keys()
    assert ("gpu: skipped" in output) != torch.cuda.is_available()


def test_lightly_trains_or_is_said_to_be_missing(tmp_path: Path) -> None:
    figures_file = tmp_path / "figures.json"
    arguments = ("--only", "lightly/simclr", "--batch-size", "4", "--json", str(figures_file))
    output = run("training_step.py", *TINY, *arguments, cwd=tmp_path)
    results = json.loads(figures_file.read_text())["results"]
    installed = find_spec("lightly") is not None
    assert any("lightly, 2 workers" in result["rates"] for result in results) == installed
    assert ("lightly: not compared with, not installed" in " ".join(output.split())) != installed


def test_a_group_that_is_not_there_is_refused(tmp_path: Path) -> None:
    command = [sys.executable, str(FOLDER / "augmentations.py"), "--only", "pictures/jitter"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, cwd=tmp_path)
    assert done.returncode == 2
    assert "names start with images, sensors, audio" in done.stderr


def test_memory(tmp_path: Path) -> None:
    arguments = (
        "--folder",
        str(tmp_path / "sets"),
        "--gigabytes",
        "0.005",
        "--commands",
        "check",
        "pretrain",
    )
    rows = [line.split("|") for line in run("memory.py", *arguments, cwd=tmp_path).splitlines()[2:]]
    assert [row[2].strip() for row in rows] == ["check", "pretrain"]
    assert all(0.1 < float(row[3]) < 8 and float(row[4]) > 0 for row in rows)
    assert float(rows[1][6]) > 0
