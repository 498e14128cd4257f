"""The real program: a full disk, options."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest
import torch

from sslkit.cli import run
from tests.bad_input.inputs import contents


def program(*arguments: object, largest_file: int | None = None) -> subprocess.CompletedProcess[str]:
    """Run it; no file may grow beyond ``largest_file`` bytes, which fails a write as a full disk does."""
    resource = pytest.importorskip("resource", reason="Windows limits no file's size")

    def limit() -> None:
        if largest_file is not None:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))

    command = [sys.executable, "-B", "-m", "sslkit", *map(str, arguments)]
    # a measurement of coverage could not be written either, and would say so
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    environment["OMP_NUM_THREADS"] = "1"
    return subprocess.run(
        command, capture_output=True, text=True, preexec_fn=limit, env=environment, check=False
    )


def test_a_full_disk_loses_nothing(finished, spoilt):
    """The checkpoint of step 1 survives the failed one of step 2, and the same command goes on from there."""
    folder = spoilt / "arrays" / "byol-seed0"
    whole = contents(folder)
    (spoilt / "arrays" / "random-seed0" / "result.json").unlink()
    (folder / "result.json").unlink()
    state = torch.load(folder / "checkpoint.pt", weights_only=True)
    torch.save({**state, "step": 1}, folder / "checkpoint.pt")
    before = (folder / "checkpoint.pt").read_bytes()
    stopped = program("compare", finished / "tiny.yaml", "--out", spoilt, largest_file=20_000)
    assert stopped.returncode == 2
    assert stopped.stderr.startswith("error: ")
    assert "the disk is full" in stopped.stderr
    assert "Traceback" not in stopped.stderr
    assert (folder / "checkpoint.pt").read_bytes() == before
    assert (folder / "encoder.safetensors").read_bytes() == whole["encoder.safetensors"]
    assert not list(spoilt.rglob("*.tmp"))
    assert run(["compare", str(finished / "tiny.yaml"), "--out", str(spoilt)]) == 0


@pytest.mark.parametrize("largest_file", [0, 3000])
def test_a_disk_that_is_full_from_the_start(finished, tmp_path, largest_file):
    stopped = program(
        "pretrain", finished / "tiny.yaml", "--out", tmp_path / "out", largest_file=largest_file
    )
    assert stopped.returncode == 2
    assert stopped.stderr.startswith("error: ")
    # older PyTorch wants a temporary folder before anything of ours is written
    assert "the disk is full" in stopped.stderr or "Is there space" in stopped.stderr
    assert not list((tmp_path / "out").rglob("*.tmp"))


def test_options(finished):
    assert run(["compare", str(finished / "tiny.yaml"), "--workers", "0"]) == 2
    for arguments in (["compare", "--nope", "x"], ["nope"], [], ["compare", "x", "--workers", "many"]):
        with pytest.raises(SystemExit) as stop:
            run(arguments)
        assert stop.value.code == 2
    strange = program("check", finished / os.fsdecode(b"caf\xe9.yaml"))
    assert strange.returncode == 2
    assert "there is no such config file" in strange.stderr
    missing = program("compare", "/nowhere/config.yaml")
    assert (missing.returncode, missing.stdout) == (2, "")
    assert missing.stderr.startswith("error: /nowhere/config.yaml: there is no such config file.")
    assert missing.stderr.count("\n") == 1
