"""What the bits of a result depend on besides the program: libraries, processor, threads."""

from __future__ import annotations

import importlib.metadata
import os
import platform
from pathlib import Path
from typing import Any

import torch

from tests.golden.files import read_golden

PACKAGES = ("torch", "torchvision", "torchaudio", "numpy", "scipy", "scikit-learn")
DRAWN_BY = {  # a backbone's dropout, and its first weights
    "audio-conv": ("bernoulli",),
    "transformer1d": ("bernoulli", "trunc_normal"),
}
KERNEL_SETTINGS = (
    "ATEN_CPU_CAPABILITY",
    "ONEDNN_MAX_CPU_ISA",
    "OPENBLAS_CORETYPE",
    "MKL_ENABLE_INSTRUCTIONS",
)
KERNEL_FLAGS = ("avx", "amx", "fma", "sse4", "asimd", "sve", "bf16", "i8mm")


def environment() -> dict[str, Any]:
    """Where two of these are equal, results are expected to be equal to the bit."""
    return {
        **{name: importlib.metadata.version(name) for name in PACKAGES},
        "torch build": torch.__version__,
        "python": ".".join(platform.python_version_tuple()[:2]),
        "system": platform.system(),
        "libc": " ".join(platform.libc_ver()),
        "machine": platform.machine(),
        "capability": torch.backends.cpu.get_cpu_capability(),
        "processor": _processor(),
        "threads": torch.get_num_threads(),
        "settings": {name: os.environ[name] for name in KERNEL_SETTINGS if name in os.environ},
    }


def draws() -> dict[str, list[float]]:
    """First numbers of those random functions that have given others from one PyTorch to the next."""
    coins = torch.empty(16).bernoulli_(0.5, generator=torch.Generator().manual_seed(0))
    normals = torch.nn.init.trunc_normal_(torch.empty(4), generator=torch.Generator().manual_seed(0))
    return {
        "bernoulli": coins.tolist(),
        "trunc_normal": [round(number, 4) for number in normals.tolist()],
    }


def drawn_otherwise(backbone: str) -> list[str]:
    """Random functions that a backbone uses and that give other numbers here than they gave the golden files."""
    golden, here = read_golden()["draws"], draws()
    return [name for name in DRAWN_BY.get(backbone, ()) if golden[name] != here[name]]


def _processor() -> str:
    """Maker, family, model and the instructions that kernels are chosen by; where Linux says them."""
    try:
        lines = Path("/proc/cpuinfo").read_text().split("\n\n")[0].splitlines()
    except OSError:
        return platform.processor()
    facts = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines)}
    names = ("vendor_id", "model name", "cpu family", "model", "stepping", "cache size", "CPU part")
    known = [f"{name} {facts[name]}" for name in names if name in facts]
    flags = facts.get("flags", facts.get("Features", "")).split()
    return ", ".join([*known, *sorted(flag for flag in flags if flag.startswith(KERNEL_FLAGS))])
