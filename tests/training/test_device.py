"""Devices by name; what torch is told so that one seed gives the same bits; GPUs that are not here are faked."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys

import pytest
import torch
from packaging.version import Version

from sslkit.errors import SSLKitError
from sslkit.training import device
from sslkit.training.device import autocast, choose_device, gpu_name, keep_freed_memory, make_deterministic


@pytest.fixture
def gpus(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Kinds of GPU that torch says it has; on them a tensor of one number can be made."""
    there: set[str] = set()
    monkeypatch.setattr(torch.cuda, "is_available", lambda: "cuda" in there)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: "mps" in there)
    real = torch.zeros

    def zeros(*size: int, device: torch.device) -> torch.Tensor:
        if device.type not in there | {"cpu"}:
            raise RuntimeError(f"no {device.type} here.\nand more")
        return real(*size)

    monkeypatch.setattr(torch, "zeros", zeros)
    return there


def test_auto_takes_cuda_or_the_cpu(gpus: set[str]) -> None:
    assert choose_device("auto") == torch.device("cpu")
    gpus.add("mps")
    assert choose_device("auto") == torch.device("cpu")
    gpus.add("cuda")
    assert choose_device("auto", local_rank=3) == torch.device("cuda", 3)


def test_devices_by_name(gpus: set[str]) -> None:
    gpus |= {"cuda", "mps"}
    assert choose_device("cpu") == torch.device("cpu")
    assert choose_device("mps") == torch.device("mps")
    assert choose_device("cuda", local_rank=1) == torch.device("cuda", 1)
    assert choose_device("cuda:2", local_rank=1) == torch.device("cuda", 2)


@pytest.mark.parametrize("name", ["mps", "cuda", "gpu", "cuda:x"])
def test_a_device_that_is_not_there(gpus: set[str], name: str) -> None:
    with pytest.raises(
        SSLKitError, match=f"training.device: '{name}' cannot be used: .*Use auto, cpu, cuda or mps"
    ):
        choose_device(name)


def test_names_of_gpus(gpus: set[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda number: f"card {number}")
    assert gpu_name() is None
    gpus.add("mps")
    assert gpu_name() == "Apple MPS"
    gpus.add("cuda")
    assert gpu_name() == "card 0"


@pytest.mark.parametrize(("kind", "strict"), [("cpu", False), ("mps", True)])
def test_gpus_compute_deterministically(monkeypatch: pytest.MonkeyPatch, kind: str, strict: bool) -> None:
    asked: list[tuple[bool, bool]] = []
    monkeypatch.setattr(
        torch, "use_deterministic_algorithms", lambda mode, warn_only: asked.append((mode, warn_only))
    )
    make_deterministic(torch.device(kind))
    assert asked == ([(True, True)] if strict else [])


def test_bf16_is_autocast_on_every_kind_of_device() -> None:
    with autocast(torch.device("cpu"), "bf16"):
        product = torch.ones(2, 2) @ torch.ones(2, 2)
    assert product.dtype == torch.bfloat16
    with autocast(torch.device("cpu"), "fp32"):
        assert (torch.ones(2, 2) @ torch.ones(2, 2)).dtype == torch.float32


@pytest.mark.skipif(
    Version(torch.__version__) < Version("2.7") and not torch.backends.mps.is_available(),
    reason="PyTorch 2.6 asks the system behind Apple's GPU, which is not here",
)
def test_bf16_is_autocast_on_apples_gpu() -> None:
    assert autocast(torch.device("mps"), "bf16").device == "mps"


def test_freed_memory_is_kept_by_glibc_only(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_such_library(name: str) -> None:
        raise OSError(name)

    monkeypatch.setattr(ctypes, "CDLL", no_such_library)
    assert keep_freed_memory() is False  # musl
    monkeypatch.setattr(device.sys, "platform", "win32")
    assert keep_freed_memory() is False


@pytest.mark.parametrize(("given", "expected"), [(None, "1"), ("0", "0")])
def test_the_cpu_does_what_mps_lacks_unless_the_user_says_no(given: str | None, expected: str) -> None:
    """Set before torch is loaded, which reads it then."""
    program = (
        "import builtins, os, sys; real = builtins.__import__; seen = []\n"
        "def watch(name, *rest):\n"
        "    if name == 'torch' and not seen: seen.append(os.environ.get('PYTORCH_ENABLE_MPS_FALLBACK'))\n"
        "    return real(name, *rest)\n"
        "builtins.__import__ = watch\n"
        "import sslkit; print(*seen)"
    )
    environment = {k: v for k, v in os.environ.items() if k != "PYTORCH_ENABLE_MPS_FALLBACK"}
    environment |= {} if given is None else {"PYTORCH_ENABLE_MPS_FALLBACK": given}
    said = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True, encoding="utf-8", env=environment
    )
    assert said.stdout.split() == [expected]
