"""The benchmarks run at tiny settings, and a peer that is not installed is said to be missing."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
import torch

FOLDER = Path(__file__).parents[2] / "benchmarks"
TINY = ("--repeats", "1", "--seconds", "0.001")


def run(script: str, *arguments: str, cwd: Path) -> str:
    command = [sys.executable, str(FOLDER / script), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, cwd=cwd)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_augmentations_with_and_without_peers(tmp_path: Path) -> None:
    figures_file = tmp_path / "figures.json"
    arguments = ("--only", "sensors/time-warp", "images/recipe simclr-small", "--batch-size", "4")
    output = run("augmentations.py", *TINY, *arguments, "--json", str(figures_file), cwd=tmp_path)
    figures = json.loads(figures_file.read_text())
    measured = {result["contest"]: result["rates"] for result in figures["results"]}
    assert measured.keys() == {"time-warp", "recipe simclr-small"}
    assert all(rate > 0 for rates in measured.values() for values in rates.values() for rate in values)
    assert {"sslkit", "numpy"} <= measured["time-warp"].keys()  # numpy's needs nothing that sslkit has not
    ratio = next(r for r in figures["ratios"] if r["other"] == "numpy")
    assert ratio["goal"] == 80
    assert ratio["verdict"] == ("met" if ratio["ratio"] >= 80 else "missed")
    for peer, contest in (("lightly", "recipe simclr-small"), ("tsaug", "time-warp")):
        installed = find_spec(peer) is not None
        assert (peer in measured[contest]) == installed
        assert (f"{peer}: not compared with, not installed" in " ".join(output.split())) != installed


@pytest.mark.parametrize("objective", ["simclr", "byol"])
def test_training_step(objective: str, tmp_path: Path) -> None:
    chosen = f"limit/sensors 6×128, resnet1d, {objective}"
    figures_file = tmp_path / "figures.json"
    arguments = ("--only", chosen, "--batch-size", "4", "--json", str(figures_file))
    output = run("training_step.py", *TINY, *arguments, cwd=tmp_path)
    (result,) = json.loads(figures_file.read_text())["results"]
    assert result["rates"].keys() == {"sslkit, full step", "sslkit, limit"}
    assert ("gpu: skipped" in output) != torch.cuda.is_available()


def test_an_unknown_group_is_refused(tmp_path: Path) -> None:
    command = [sys.executable, str(FOLDER / "augmentations.py"), "--only", "pictures/jitter"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, cwd=tmp_path)
    assert done.returncode == 2
    assert "names start with images, sensors, audio" in done.stderr
