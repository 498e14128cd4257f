"""Workers of one machine take its GPUs in turns."""

from __future__ import annotations

import os

import pytest
import torch

from sslkit.running.pools.gpus import VISIBLE, gpus_to_divide, show_only, visible_gpus
from sslkit.running.pools.local import LocalPool


@pytest.fixture
def gpus(monkeypatch: pytest.MonkeyPatch):
    def pretend(count: int, visible: str | None = None) -> None:
        monkeypatch.setattr(torch.cuda, "is_available", lambda: count > 0)
        monkeypatch.setattr(torch.cuda, "device_count", lambda: count)
        monkeypatch.delenv(VISIBLE, raising=False)
        if visible is not None:
            monkeypatch.setenv(VISIBLE, visible)

    return pretend


@pytest.mark.parametrize(
    ("count", "visible", "expected"),
    [
        (0, None, []),
        (2, None, ["0", "1"]),
        (2, "5, 3", ["5", "3"]),
        (1, "GPU-af", ["GPU-af"]),
        (2, "", ["0", "1"]),
    ],
)
def test_gpus_by_the_names_that_cuda_knows(
    count: int, visible: str | None, expected: list[str], gpus
) -> None:
    gpus(count, visible)
    assert visible_gpus() == expected


def test_they_are_divided_unless_a_task_names_one(gpus) -> None:
    gpus(3, "7,8,9")
    assert gpus_to_divide({"auto", "cuda"}) == ["7", "8", "9"]
    assert gpus_to_divide({"auto", "cuda:1"}) == gpus_to_divide({"cpu"}) == []
    show_only("8")
    assert os.environ[VISIBLE] == "8"
    gpus(1)
    assert gpus_to_divide({"auto"}) == []


@pytest.mark.parametrize(
    ("count", "device", "runs", "workers"),
    [(4, "cuda", 9, 4), (4, "cuda", 2, 2), (1, "cuda", 9, 1), (0, "mps", 9, 1)],
)
def test_one_run_at_a_time_on_each(count: int, device: str, runs: int, workers: int, gpus) -> None:
    gpus(count)
    assert LocalPool().resources(None, 1, runs, device)[0] == workers


WITNESS = '''
"""A baseline that says which GPU it is shown."""

import os
from pathlib import Path

from sslkit.hookspecs import hookimpl
from sslkit.types import Baseline


class Witness(Baseline):
    """Writes a file that is called like the GPU; reads nothing."""

    reads = ()

    def run(self, prepared, seed, report):
        import time

        (Path(os.environ["WITNESS"]) / os.environ["CUDA_VISIBLE_DEVICES"]).touch()
        time.sleep(3)  # so that the other worker gets the next one
        return []


@hookimpl
def sslkit_register(registry):
    registry.add("witness", Witness)
'''


def test_each_worker_of_a_comparison_has_one(gpus, tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Real processes; only the number of GPUs is pretended, and that they compute on the CPU."""
    import sslkit
    from sslkit.running.pools import local
    from sslkit.testing import tiny_study

    (tmp_path / "witness.py").write_text(WITNESS, encoding="utf-8")
    (tmp_path / "seen").mkdir()
    monkeypatch.setenv("WITNESS", str(tmp_path / "seen"))
    monkeypatch.setattr(local, "gpus_to_divide", lambda devices: ["5", "3"])
    changes = ["baselines=[witness]", "seeds=[0, 1, 2, 3]", "workers=2"]
    sslkit.compare(
        tiny_study(tmp_path),
        changes,
        out=tmp_path / "run",
        plugin_paths=[tmp_path / "witness.py"],
        quiet=True,
    )
    assert sorted(path.name for path in (tmp_path / "seen").iterdir()) == ["3", "5"]
