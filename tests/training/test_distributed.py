"""Several processes under torchrun train one encoder together."""

from __future__ import annotations

import json
import os
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


SPY = '''
"""An objective that keeps a digest of all the views it sees."""

import hashlib
import os
from pathlib import Path

import torch

from sslkit.hookspecs import hookimpl
from sslkit.types import Objective


class Spy(Objective):
    """Mean feature as loss; digests of the views go to the folder SPY_FOLDER."""

    def __init__(self, backbone) -> None:
        super().__init__()
        self.backbone, self.seen = backbone, []

    def forward(self, views):
        if self.training:
            self.seen.append(hashlib.sha256(b"".join(view.numpy().tobytes() for view in views)).hexdigest())
            path = Path(os.environ["SPY_FOLDER"]) / os.environ.get("RANK", "0")
            path.write_text("\\n".join(self.seen))
        return {"loss": torch.stack([self.backbone(view).mean() for view in views]).mean()}


@hookimpl
def sslkit_register(registry):
    registry.add("spy", Spy)
'''


@pytest.mark.slow
def test_views_are_the_same_whatever_number_of_processes_draws_them(tmp_path, signals):
    """One process that takes its batch in two pieces sees what two processes see."""
    (tmp_path / "plugins").mkdir()
    (tmp_path / "plugins" / "spy.py").write_text(SPY)
    config = tmp_path / "tiny.yaml"
    config.write_text(yaml.safe_dump(tiny(signals) | {"objectives": ["spy"], "views": [{"name": "jitter"}]}))
    digests = []
    for world, pieces in ((1, 2), (2, 1)):
        out = tmp_path / f"world{world}"
        (out / "seen").mkdir(parents=True)
        launch = [
            sys.executable,
            "-m",
            "torch.distributed.run",
            "--standalone",
            "--nproc-per-node",
            str(world),
        ]
        command = [*launch, "-m", "sslkit", "pretrain", str(config), f"training.accumulate={pieces}"]
        command += ["--out", str(out / "run"), "--plugin-path", str(tmp_path / "plugins")]
        environment = os.environ | {"SPY_FOLDER": str(out / "seen"), "OMP_NUM_THREADS": "1"}
        found = subprocess.run(command, capture_output=True, text=True, timeout=300, env=environment)
        assert found.returncode == 0, found.stderr
        by_rank = [path.read_text().split() for path in sorted((out / "seen").iterdir())]
        digests.append(set().union(*by_rank))
        assert (
            sum(map(len, by_rank)) == len(digests[-1]) > 8
        )  # every piece of every step has views of its own
    assert digests[0] == digests[1]


@pytest.mark.parametrize(
    ("torch_has", "device", "backend"),
    [
        ({"distributed", "cuda", "nccl"}, "auto", "nccl"),
        ({"distributed", "cuda", "nccl"}, "cuda", "nccl"),
        ({"distributed", "cuda", "nccl"}, "cpu", "gloo"),
        ({"distributed", "cuda"}, "cpu", "gloo"),  # Windows
        ({"distributed"}, "auto", "gloo"),
        (set(), "cpu", "this build of torch cannot train in several processes"),
        ({"distributed", "cuda"}, "auto", "by NCCL, which torch has on Linux only"),  # Windows
        ({"distributed"}, "mps", "cannot train together on Apple's GPU"),
    ],
)
def test_what_carries_gradients_or_why_nothing_does(monkeypatch, torch_has, device, backend):
    from sslkit.training import distributed

    monkeypatch.setenv("WORLD_SIZE", "2")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: "cuda" in torch_has)
    monkeypatch.setattr(torch.distributed, "is_available", lambda: "distributed" in torch_has)
    monkeypatch.setattr(torch.distributed, "is_nccl_available", lambda: "nccl" in torch_has)
    joined = []
    monkeypatch.setattr(torch.distributed, "init_process_group", joined.append)
    monkeypatch.setattr(torch.distributed, "get_rank", lambda: 1)
    monkeypatch.setattr(torch.distributed, "destroy_process_group", lambda: joined.append("left"))
    if backend in ("nccl", "gloo"):
        with distributed.process_group(device) as processes:
            assert (processes.rank, processes.world) == (1, 2)
        assert joined == [backend, "left"]
    else:
        with pytest.raises(sslkit.SSLKitError, match=backend), distributed.process_group(device):
            pytest.fail("joined")
        assert not joined
