"""Killed at any moment and resumed: the same bits. Stopped politely: saved, and resumed by the same command."""

from __future__ import annotations

import os
import random
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch
import yaml

from tests.conftest import tiny, write_signals

KILLS = 10
if sys.platform == "win32":  # a program of a group of its own can be sent Ctrl-Break and nothing else
    STOPS, FLAGS = [signal.CTRL_BREAK_EVENT], subprocess.CREATE_NEW_PROCESS_GROUP
else:
    STOPS, FLAGS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], 0


def command(config: Path, out: Path, name: str = "pretrain") -> list[str]:
    return [sys.executable, "-m", "sslkit", name, str(config), "--out", str(out)]


def start(config: Path, out: Path, name: str = "pretrain") -> subprocess.Popen[str]:
    return subprocess.Popen(
        command(config, out, name),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
        creationflags=FLAGS,
        preexec_fn=None if sys.platform == "win32" else heed_hang_up,
    )


def heed_hang_up() -> None:
    """A program under nohup, as these tests may be, leaves a closed terminal unheeded, and so do those it starts."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


def final_state(out: Path) -> dict[str, torch.Tensor]:
    state = torch.load(out / "checkpoint.pt", weights_only=True)
    flat = {f"objective.{name}": value for name, value in state["objective"].items()}
    for index, entries in state["optimizer"]["state"].items():
        flat |= {f"optimizer.{index}.{name}": torch.as_tensor(value) for name, value in entries.items()}
    return flat | {"step": torch.tensor(state["step"])}


@pytest.fixture
def config(tmp_path: Path) -> Path:
    changes = {"budget": {"steps": 250}, "backbone": "transformer1d", "seeds": [0]}
    path = tmp_path / "tiny.yaml"
    path.write_text(yaml.safe_dump(tiny(write_signals(tmp_path / "signals.npz"), **changes)))
    return path


@pytest.mark.slow
def test_sigkill_at_ten_random_moments(config, tmp_path):
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    subprocess.run(command(config, whole), check=True, capture_output=True)
    dice = random.Random(0)
    steps = []
    for _ in range(KILLS):
        process = start(config, killed)
        before = (killed / "checkpoint.pt").stat().st_mtime_ns if (killed / "checkpoint.pt").exists() else 0
        deadline = time.monotonic() + 60
        while process.poll() is None and time.monotonic() < deadline:  # wait until it trains
            if (killed / "checkpoint.pt").exists() and (
                killed / "checkpoint.pt"
            ).stat().st_mtime_ns != before:
                break
            time.sleep(0.01)
        time.sleep(dice.uniform(0, 0.4))
        assert process.poll() is None, process.communicate()
        process.kill()
        process.communicate()
        steps.append(int(final_state(killed)["step"]))
    assert steps == sorted(steps)
    assert 0 < steps[0] < steps[-1] < 250, steps
    subprocess.run(command(config, killed), check=True, capture_output=True)
    expected, found = final_state(whole), final_state(killed)
    assert expected.keys() == found.keys()
    assert all(torch.equal(expected[name], found[name]) for name in expected)
    weights = "encoder.safetensors"
    assert (whole / weights).read_bytes() == (killed / weights).read_bytes()


@pytest.mark.parametrize("number", STOPS)
def test_a_polite_stop_saves_and_says_so(config, tmp_path, number):
    out = tmp_path / "out"
    text = config.read_text().replace("checkpoint_seconds: 0", "checkpoint_seconds: 1000")
    config.write_text(text.replace("steps: 250", "steps: 100000"))
    process = start(config, out)
    metrics = out / "metrics.jsonl"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not (
        metrics.exists() and len(metrics.read_text().splitlines()) > 3
    ):
        time.sleep(0.05)
    process.send_signal(number)
    try:
        _, errors = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 130
    assert "Run the same command again" in errors
    assert "Traceback" not in errors
    assert int(final_state(out)["step"]) > 0


@pytest.mark.parametrize("workers", [1, 2])
def test_a_stopped_comparison_resumes(config, tmp_path, workers):
    """Ctrl-C in the middle of a pool: no traceback, no orphan; the same command ends with the same results."""
    text = config.read_text().replace("workers: 1", f"workers: {workers}")
    config.write_text(text.replace("steps: 250", "steps: 150"))
    whole, stopped = tmp_path / "whole", tmp_path / "stopped"
    subprocess.run(command(config, whole, "compare"), check=True, capture_output=True)
    process = start(config, stopped, "compare")
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline and not list(stopped.rglob("metrics.jsonl")):
        time.sleep(0.05)
    process.send_signal(STOPS[0])
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130, errors
    assert "Traceback" not in errors
    subprocess.run(command(config, stopped, "compare"), check=True, capture_output=True)
    assert (whole / "results.csv").read_text() == (stopped / "results.csv").read_text()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals and no SIGHUP")
def test_a_closed_terminal_saves(config, tmp_path):
    """Nobody reads what is said any more, and writing it fails."""
    import pty

    text = config.read_text().replace("checkpoint_seconds: 0", "checkpoint_seconds: 1000")
    config.write_text(text.replace("steps: 250", "steps: 100000"))
    out = tmp_path / "out"
    child, terminal = pty.fork()
    if child == 0:
        heed_hang_up()
        os.execv(sys.executable, command(config, out))
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not (out / "metrics.jsonl").exists():
        if select.select([terminal], [], [], 0.05)[0]:
            os.read(terminal, 4096)
    os.close(terminal)
    ended, status, deadline = 0, 0, time.monotonic() + 60
    while not ended and time.monotonic() < deadline:
        ended, status = os.waitpid(child, os.WNOHANG)
        time.sleep(0.05)
    if not ended:
        os.kill(child, signal.SIGKILL)
    assert ended and os.waitstatus_to_exitcode(status) == 130
    assert int(final_state(out)["step"]) > 0
