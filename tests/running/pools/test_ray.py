"""A comparison on a Ray of this machine: the figures of the local pool, failures, resuming, Ctrl-C, bad addresses."""

from __future__ import annotations

import csv
import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import time

import pytest
import yaml

from sslkit.cli import run
from tests.conftest import tiny, write_signals

needs_ray = pytest.mark.skipif(
    importlib.util.find_spec("ray") is None, reason='needs pip install "sslkit[ray]"'
)


def write_config(folder, **changes):
    """A tiny comparison whose data stand at a relative path, as users write them."""
    write_signals(folder / "signals.npz")
    config = tiny(folder / "signals.npz", seeds=[0], baselines=["random"], workers=2, **changes)
    config["data"]["path"] = "signals.npz"
    (folder / "tiny.yaml").write_text(yaml.safe_dump(config))
    return folder / "tiny.yaml"


def rows_of(folder):
    with (folder / "results.csv").open() as file:
        return list(csv.DictReader(file))


@pytest.fixture(autouse=True)
def no_cluster(monkeypatch):
    monkeypatch.delenv("RAY_ADDRESS", raising=False)


@pytest.mark.slow
@needs_ray
def test_ray_gives_the_bits_of_the_local_pool_and_goes_on(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    config = str(write_config(tmp_path))
    assert run(["compare", config, "--out", "local", "--workers", "1"]) == 0
    failing = ["overrides={byol: {optimizer: {name: sgd, learning_rate: 1e30}}}"]
    assert run(["compare", config, "--out", "failing", "--pool", "ray", *failing]) == 2
    assert "byol · seed 0: " in capsys.readouterr().err
    assert {row["objective"] for row in rows_of(tmp_path / "failing")} == {"simclr", "random"}
    (tmp_path / "ray").mkdir()
    shutil.copytree(tmp_path / "local", tmp_path / "ray", dirs_exist_ok=True)
    runs = tmp_path / "ray" / "arrays"
    for name in ("byol-seed0", "random-seed0"):
        shutil.rmtree(runs / name)
    before = (runs / "simclr-seed0" / "result.json").stat().st_mtime_ns
    assert run(["compare", config, "--out", "ray", "--pool", "ray"]) == 0
    assert (runs / "simclr-seed0" / "result.json").stat().st_mtime_ns == before
    assert (tmp_path / "ray" / "results.csv").read_bytes() == (
        tmp_path / "local" / "results.csv"
    ).read_bytes()
    manifest = json.loads((tmp_path / "ray" / "manifest.json").read_text())
    assert manifest["machine"]["pool"] == "ray"
    assert not list((tmp_path / "ray").rglob(".ray-*"))


@pytest.mark.slow
@needs_ray
@pytest.mark.skipif(not hasattr(os, "killpg"), reason="Windows has no signals for a group")
def test_ctrl_c_cancels_and_keeps_checkpoints(tmp_path):
    config = write_config(tmp_path, budget={"steps": 100_000})
    text = config.read_text().replace("checkpoint_seconds: 0", "checkpoint_seconds: 1000")
    config.write_text(text)
    process = subprocess.Popen(
        [sys.executable, "-m", "sslkit", "compare", str(config), "--out", "out", "--pool", "ray"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline and process.poll() is None:
        if len(list((tmp_path / "out").rglob("metrics.jsonl"))) == 2:
            break
        time.sleep(0.1)
    assert process.poll() is None, process.communicate()
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does
    output, errors = process.communicate(timeout=200)
    assert process.returncode == 130, errors
    assert "Run the same command again" in errors
    assert "Traceback" not in errors + output
    assert len(list((tmp_path / "out").rglob("checkpoint.pt"))) == 2


@needs_ray
def test_a_cluster_that_does_not_answer_is_named(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RAY_ADDRESS", "nonsense")
    assert run(["compare", str(write_config(tmp_path)), "--out", "out", "--pool", "ray"]) == 2
    assert "RAY_ADDRESS=nonsense" in capsys.readouterr().err


def test_without_ray_the_extra_is_named(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert run(["compare", str(write_config(tmp_path)), "--out", str(tmp_path / "out"), "--pool", "ray"]) == 2
    assert 'pip install "sslkit[ray]"' in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
