"""Where and how training runs: device, threads, the allocator, autocast."""

from __future__ import annotations

import ctypes
import os
import sys
from contextlib import AbstractContextManager, nullcontext

import torch

from sslkit.errors import SSLKitError
from sslkit.types import Precision

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3  # glibc's malloc.h


def choose_device(name: str, local_rank: int = 0) -> torch.device:
    """``auto`` takes a CUDA GPU where there is one, else the CPU.

    Apple's GPU is taken by its name, ``mps``: torch computes less there, and without the guarantees that its CPU and
    CUDA kernels give. What it lacks the CPU does, where ``sslkit`` is imported before torch (or
    ``PYTORCH_ENABLE_MPS_FALLBACK`` is 1 by then).

    Raises:
        SSLKitError: a name that torch does not know, or a device that is not there.
    """
    if name == "auto":
        return torch.device("cuda", local_rank) if torch.cuda.is_available() else torch.device("cpu")
    try:
        device = torch.device(name)
        torch.zeros(1, device=device).item()
    except (RuntimeError, AssertionError) as error:
        reason = str(error).splitlines()[0].rstrip(".")
        raise SSLKitError(
            f"training.device: '{name}' cannot be used: {reason}. Use auto, cpu, cuda or mps."
        ) from error
    return torch.device("cuda", local_rank) if device.type == "cuda" and device.index is None else device


def make_deterministic(device: torch.device) -> None:
    """Same seed, same bits, on a GPU too: no kernel chosen by timing, none that adds in random order."""
    if device.type == "cpu":
        return
    if device.type == "cuda":
        torch.cuda.set_device(device)
        os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
        torch.backends.cudnn.deterministic, torch.backends.cudnn.benchmark = True, False
    torch.use_deterministic_algorithms(True, warn_only=True)


def keep_freed_memory() -> bool:
    """Let glibc keep freed memory instead of returning it page by page; measured 1.2-1.5x on CPU training.

    Returns whether it was done: only glibc has ``mallopt``.
    """
    if not sys.platform.startswith("linux"):
        return False
    try:
        mallopt = ctypes.CDLL("libc.so.6").mallopt
    except (OSError, AttributeError):
        return False
    large = 2**31 - 1
    return bool(mallopt(M_MMAP_THRESHOLD, large) and mallopt(M_TRIM_THRESHOLD, large))


def autocast(device: torch.device, precision: Precision) -> AbstractContextManager[object]:
    """bf16 autocast; bfloat16 has float32's range, so no loss scaler is needed."""
    return torch.autocast(device.type, dtype=torch.bfloat16) if precision == "bf16" else nullcontext()


def gpu_name() -> str | None:
    """Of this machine; None where it has no GPU that torch can use."""
    if torch.cuda.is_available():
        return torch.cuda.get_device_name(0)
    return "Apple MPS" if torch.backends.mps.is_available() else None
