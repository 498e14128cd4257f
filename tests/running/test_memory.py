"""The peak of a run's memory is its own, on whatever system and device."""

from __future__ import annotations

import builtins
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psutil
import pytest
import torch

from sslkit.running import memory
from sslkit.running.memory import peak_memory_mb, reset_peak_memory

BLOCK_MB = 200
PROGRAM = f"""
import numpy as np
from sslkit.running.memory import peak_memory_mb, reset_peak_memory
reset_peak_memory("cpu")
before = peak_memory_mb("cpu")
np.ones({BLOCK_MB} * 2**20, np.uint8)
with_block = peak_memory_mb("cpu")
reset_peak_memory("cpu")
print(before, with_block, peak_memory_mb("cpu"))
"""


def test_the_peak_of_the_cpus_memory() -> None:
    """A block of known size raises it by that size; a reset takes it back where the system can (Linux)."""
    said = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, check=True, encoding="utf-8")
    before, with_block, after = map(float, said.stdout.split())
    assert with_block - before == pytest.approx(BLOCK_MB, abs=10)
    try:
        Path("/proc/self/clear_refs").write_bytes(b"5")
    except OSError:
        assert after >= with_block
    else:
        assert after == pytest.approx(before, abs=10)


@pytest.fixture
def no_proc(monkeypatch: pytest.MonkeyPatch) -> None:
    """A system without ``/proc``, as Windows and macOS are."""

    def refuse(self: Path, *_: Any, **__: Any) -> str:
        raise FileNotFoundError(str(self))

    monkeypatch.setattr(Path, "read_text", refuse)
    monkeypatch.setattr(Path, "write_bytes", refuse)


def test_windows_counts_it_itself(no_proc: None, monkeypatch: pytest.MonkeyPatch) -> None:
    info = SimpleNamespace(rss=2 * 2**20, peak_wset=3 * 2**20)
    monkeypatch.setattr(psutil, "Process", lambda: SimpleNamespace(memory_info=lambda: info))
    monkeypatch.setattr(memory, "_peak_of_getrusage", lambda: 0)
    reset_peak_memory("cpu")
    assert peak_memory_mb("cpu") == 3.0


def test_macos_counts_bytes_and_linux_kilobytes(no_proc: None, monkeypatch: pytest.MonkeyPatch) -> None:
    resource = pytest.importorskip("resource")
    size = psutil.Process().memory_info().rss
    monkeypatch.setattr(resource, "getrusage", lambda who: SimpleNamespace(ru_maxrss=2 * size))
    monkeypatch.setattr(sys, "platform", "darwin")
    assert peak_memory_mb("cpu") == pytest.approx(2 * size / 2**20)
    monkeypatch.setattr(sys, "platform", "linux")
    assert peak_memory_mb("cpu") == pytest.approx(2 * size / 2**10)


def test_without_resource_the_present_size_counts(no_proc: None, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *arguments: Any, **named: Any) -> Any:
        if name == "resource":
            raise ModuleNotFoundError(name)
        return real(name, *arguments, **named)

    monkeypatch.setattr(builtins, "__import__", without)
    assert peak_memory_mb("cpu") == pytest.approx(psutil.Process().memory_info().rss / 2**20, rel=0.05)


def test_gpus_are_asked_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    called = []
    monkeypatch.setattr(torch.cuda, "reset_peak_memory_stats", lambda: called.append("cuda"))
    monkeypatch.setattr(torch.mps, "empty_cache", lambda: called.append("mps"))
    monkeypatch.setattr(torch.cuda, "max_memory_allocated", lambda: 5 * 2**20)
    monkeypatch.setattr(torch.mps, "driver_allocated_memory", lambda: 7 * 2**20)
    for device in ("cpu", "cuda", "mps"):
        reset_peak_memory(device)
    assert called == ["cuda", "mps"]
    assert (peak_memory_mb("cuda"), peak_memory_mb("mps")) == (5.0, 7.0)
