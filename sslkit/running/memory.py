"""How much memory a run took at most, on every system and device."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path

import psutil
import torch

MEGABYTE = 2**20


def reset_peak_memory(device: str) -> None:
    """Begin a new peak, so that a run is not charged with the one before it in the same process.

    Linux and CUDA can; elsewhere the peak of the CPU's memory is that of the process since its start.
    """
    if device == "cuda":
        torch.cuda.reset_peak_memory_stats()
    if device == "mps":
        torch.mps.empty_cache()
    with suppress(OSError):  # only Linux has it, and not every container lets it be written
        Path("/proc/self/clear_refs").write_bytes(b"5")


def peak_memory_mb(device: str) -> float:
    """The peak since ``reset_peak_memory`` in MiB: of the GPU's memory, or resident memory of this process.

    Metal counts no peak: its figure is what the driver holds, which torch's allocator gives back only on a reset.
    """
    if device == "cuda":
        return torch.cuda.max_memory_allocated() / MEGABYTE
    if device == "mps":
        return torch.mps.driver_allocated_memory() / MEGABYTE
    with suppress(OSError, StopIteration):
        lines = Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines()
        return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 2**10
    memory = psutil.Process().memory_info()
    windows_peak = getattr(memory, "peak_wset", 0)
    return float(max(memory.rss, windows_peak, _peak_of_getrusage())) / MEGABYTE


def _peak_of_getrusage() -> int:
    """Bytes; 0 where there is no such call."""
    if sys.platform == "win32":
        return 0
    try:
        import resource
    except ImportError:
        return 0
    unit = 1 if sys.platform == "darwin" else 2**10
    return int(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) * unit
