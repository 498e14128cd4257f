"""Several processes under torchrun train one encoder together."""

from __future__ import annotations

import hashlib
import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
import yaml

import sslkit
from sslkit.plugins import load_registry
from sslkit.training.distributed import process_group
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


def launch(world: int, *arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """``sslkit`` in so many processes."""
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", str(world)]
    command += ["-m", "sslkit", *map(str, arguments)]
    given = os.environ | {"OMP_NUM_THREADS": "1"} | environment
    return subprocess.run(command, capture_output=True, text=True, timeout=300, env=given)


def losses(run: Path) -> list[float]:
    lines = map(json.loads, (run / "metrics.jsonl").read_text().splitlines())
    return [line["loss"] for line in lines if "loss" in line]


SMALL = {
    "optimizer": {"name": "sgd", "learning_rate": 0.05},
    "training": {"batch_size": 8, "log_every": 1, "device": "cpu", "threads": 1},
}
PLAIN = '''
"""A projector without BatchNorm."""

from torch import nn

from sslkit.hookspecs import hookimpl
from sslkit.types import Head


class Plain(Head):
    """One linear layer."""

    def __init__(self, in_dim: int) -> None:
        super().__init__()
        self.out_dim, self.layer = 8, nn.Linear(in_dim, 8)

    def forward(self, x):
        return self.layer(x)


@hookimpl
def sslkit_register(registry):
    registry.add("plain", Plain)
'''
HEAD = {"name": "byol-mlp", "hidden_dim": 16, "out_dim": 8}
TRANSFORMER = {"name": "transformer1d", "width": 16, "depth": 1, "heads": 2, "patch": 4, "dropout": 0.0}
SAME = {  # objective → its settings, the backbone, and how one process does what two do
    # a batch in two pieces
    "byol": (
        {"projector": HEAD, "predictor": HEAD},
        {"name": "resnet1d", "width": 4},
        "training.accumulate=2",
    ),
    # all pairs of the batch at once; BatchNorm would have another half in each process
    "simclr": ({"projector": {"name": "plain"}}, TRANSFORMER, "training.accumulate=1"),
}


@pytest.mark.slow
@pytest.mark.parametrize("objective", sorted(load_registry()[0].names("objective")))
def test_two_processes_leave_what_one_leaves(objective, tmp_path, signals):
    """Weights and BatchNorm's statistics: features in eval mode agree to 1e-6, and so do the logged losses."""
    settings, backbone, pieces = SAME[objective]
    (tmp_path / "plain.py").write_text(PLAIN)
    changes = {"objectives": [{"name": objective, **settings}], "backbone": backbone}
    if pieces.endswith("=1"):  # random draws go by the piece
        changes["views"] = []
    config = tmp_path / "tiny.yaml"
    config.write_text(yaml.safe_dump(tiny(signals) | SMALL | changes))
    for world, setting in ((1, pieces), (2, "training.accumulate=1")):
        arguments = ("--out", tmp_path / str(world), "--plugin-path", tmp_path / "plain.py")
        found = launch(world, "pretrain", config, setting, *arguments)
        assert found.returncode == 0, found.stderr
        assert found.stdout.count("encoder: ") == 1
    one, two = (sslkit.load_encoder(tmp_path / name) for name in ("1", "2"))
    for name, tensor in one.state_dict().items():
        torch.testing.assert_close(two.state_dict()[name], tensor, rtol=0, atol=1e-6)
    samples = torch.from_numpy(np.load(signals)["X_test"])
    with torch.no_grad():
        torch.testing.assert_close(two(samples), one(samples), rtol=0, atol=1e-6)
    np.testing.assert_allclose(losses(tmp_path / "2"), losses(tmp_path / "1"), rtol=0, atol=1e-6)


@pytest.mark.slow
def test_two_nodes_train_save_once_and_resume(tmp_path, signals):
    config = tmp_path / "tiny.yaml"
    config.write_text(yaml.safe_dump(tiny(signals)))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "torch.distributed.run", "--nnodes", "2", "--nproc-per-node", "1"]
    command += ["--rdzv-backend", "c10d", "--rdzv-endpoint", f"127.0.0.1:{port}", "--rdzv-id", "test"]
    command += ["-m", "sslkit", "pretrain", str(config), "--out", str(tmp_path / "run")]
    digests = []
    for _ in range(2):
        nodes = [
            subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            for _ in range(2)
        ]
        said = [node.communicate(timeout=300)[0] for node in nodes]
        assert [node.returncode for node in nodes] == [0, 0], said
        assert "".join(said).count("encoder: ") == 1
        digests.append(hashlib.sha256((tmp_path / "run" / "encoder.safetensors").read_bytes()).hexdigest())
    assert digests[0] == digests[1]
    found = subprocess.run(
        [sys.executable, "-m", "sslkit", "pretrain", str(config), "--out", str(tmp_path / "run")],
        capture_output=True,
        text=True,
    )
    assert found.returncode == 2 and "number of processes" in found.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    ("command", "setting", "words"),
    [
        ("compare", "training.batch_size=8", "compare is not for torchrun"),
        ("pretrain", "training.batch_size=9", "does not divide over 2 processes"),
        ("pretrain", "no.such=1", "there is no such key"),
    ],
)
def test_what_all_processes_refuse_is_said_once(command, setting, words, tmp_path, signals):
    config = tmp_path / "tiny.yaml"
    config.write_text(yaml.safe_dump(tiny(signals)))
    found = launch(2, command, config, setting, "--out", tmp_path / "run")
    assert found.returncode != 0
    assert found.stderr.count("error: ") == 1 and found.stderr.count(words) == 1


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"WORLD_SIZE": "2"}, "RANK, MASTER_ADDR, MASTER_PORT are not set"),
        ({"WORLD_SIZE": "2", "RANK": "0", "MASTER_ADDR": "127.0.0.1"}, "MASTER_PORT is not set"),
        ({"WORLD_SIZE": "many"}, "'many', no number of processes"),
        ({"WORLD_SIZE": "0"}, "'0', no number of processes"),
        (
            {"WORLD_SIZE": "2", "RANK": "0", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": "PORT"},
            "do not find each other",
        ),
    ],
)
def test_an_environment_that_is_not_torchruns(environment, words, monkeypatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        for name in ("RANK", "MASTER_ADDR", "MASTER_PORT"):
            monkeypatch.delenv(name, raising=False)
        for name, value in environment.items():
            monkeypatch.setenv(name, value.replace("PORT", str(taken.getsockname()[1])))
        with pytest.raises(sslkit.SSLKitError, match=words), process_group("cpu"):
            pytest.fail("joined")


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

    for name, value in {"WORLD_SIZE": "2", "RANK": "1", "MASTER_ADDR": "here", "MASTER_PORT": "1"}.items():
        monkeypatch.setenv(name, value)
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
