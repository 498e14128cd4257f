"""Several processes under torchrun train one encoder together."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
import torch
import yaml

import sslkit
from tests.conftest import tiny


@pytest.mark.slow
def test_two_processes_leave_one_encoder_and_resume(tmp_path, signals):
    config = tmp_path / "tiny.yaml"
    config.write_text(yaml.safe_dump(tiny(signals)))
    launch = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    for out in ("first", "second"):
        command = [*launch, "-m", "sslkit", "pretrain", str(config), "--out", str(tmp_path / out)]
        found = subprocess.run(command, capture_output=True, text=True, timeout=300)
        assert found.returncode == 0, found.stderr
    steps = [
        json.loads(line)["step"] for line in (tmp_path / "first" / "metrics.jsonl").read_text().splitlines()
    ]
    assert max(steps) == 8
    assert (
        steps.count(8) == 2
    )  # one line of training and one of monitoring: the second process writes nothing
    first, second = (sslkit.load_encoder(tmp_path / name).state_dict() for name in ("first", "second"))
    assert all(torch.equal(first[name], second[name]) for name in first)


def test_a_batch_that_does_not_divide_is_refused():
    from sslkit.training.distributed import Processes, share

    assert share(16, Processes(0, 4)) == 4
    with pytest.raises(sslkit.SSLKitError, match="does not divide over 3 processes"):
        share(16, Processes(0, 3))
