"""Killed at a hundred moments, the first second of the program among them: nothing is half-written, all is taken up."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from sslkit.testing import tiny_study

KILLS = 100
COMMANDS = ("pretrain", "compare", "report")
RESULT = {"pretrain": "pretrain/encoder.safetensors", "compare": "compare/results.csv"}
STEPS = ["budget.steps=100", "training.checkpoint_seconds=0", "workers=2", "seeds=[0, 1]"]


def arguments(command: str, study: Path, folder: Path) -> list[str]:
    if command == "report":
        return [command, str(folder / "compare")]
    return [command, str(study), *STEPS, "--out", str(folder / command)]


def start(command: str, study: Path, folder: Path) -> subprocess.Popen[str]:
    line = [sys.executable, "-m", "sslkit", *arguments(command, study, folder)]
    return subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def finish(command: str, study: Path, folder: Path) -> float:
    started = time.monotonic()
    process = start(command, study, folder)
    _, errors = process.communicate(timeout=300)
    assert process.returncode == 0, errors
    return time.monotonic() - started


def require_whole_files(folder: Path) -> None:
    """Whatever stands under a name of its own is whole."""
    for path in folder.rglob("*"):
        if path.suffix == ".json" and not path.name.startswith("."):
            json.loads(path.read_text(encoding="utf-8"))
        elif path.suffix == ".npz" and not path.name.startswith("."):
            with np.load(path) as arrays:
                assert all(arrays[name].size >= 0 for name in arrays.files)
        elif path.suffix == ".html":
            assert path.read_text(encoding="utf-8").rstrip().endswith("</html>")


@pytest.mark.slow
@pytest.mark.timeout(2400)
@pytest.mark.skipif(os.name == "nt", reason="Windows' TerminateProcess is tried by tests/test_kill.py")
def test_sigkill_at_a_hundred_moments(tmp_path: Path) -> None:
    study = tiny_study(tmp_path)
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    lasts = {command: finish(command, study, whole) for command in COMMANDS}
    dice, kills = random.Random(0), 0
    for number in range(3 * KILLS):
        command = COMMANDS[number % 3]
        longest = 1.0 if number % 4 == 0 else lasts[command]
        process = start(command, study, killed)
        try:
            _, errors = process.communicate(timeout=dice.uniform(0, longest))
            # ended before; 2: a report of no figures yet
            assert process.returncode == 0 or (command, process.returncode) == ("report", 2), errors
            assert "Traceback" not in errors
            if command in RESULT:  # the end of one; the next is begun anew
                assert (whole / RESULT[command]).read_bytes() == (killed / RESULT[command]).read_bytes()
                shutil.rmtree(killed / command)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            kills += 1
        require_whole_files(killed)
        if kills == KILLS:
            break
    assert kills == KILLS
    for command in COMMANDS:
        finish(command, study, killed)
    for result in RESULT.values():
        assert (whole / result).read_bytes() == (killed / result).read_bytes(), result
    assert not [path for path in killed.rglob(".*") if path.name != ".lock"]
