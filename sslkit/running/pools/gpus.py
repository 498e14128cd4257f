"""Which GPU a worker of this machine has for itself: as on a cluster, it is shown no other."""

from __future__ import annotations

import os
from collections.abc import Collection

VISIBLE = "CUDA_VISIBLE_DEVICES"


def visible_gpus() -> list[str]:
    """The GPUs that this process may use, by the names that CUDA knows them by; none where torch finds none."""
    import torch

    if not torch.cuda.is_available():
        return []
    count = torch.cuda.device_count()
    named = [name.strip() for name in os.environ.get(VISIBLE, "").split(",") if name.strip()]
    return named[:count] if len(named) >= count else [str(number) for number in range(count)]


def gpus_to_divide(devices: Collection[str]) -> list[str]:
    """The GPUs that workers take in turns: none where there is one at most, or a task names its device itself.

    Args:
        devices: ``training.device`` of the tasks.
    """
    gpus = visible_gpus()
    return gpus if len(gpus) > 1 and set(devices) <= {"auto", "cuda"} else []


def show_only(gpu: str) -> None:
    """Let this process see one GPU and no other; before CUDA starts in it."""
    os.environ[VISIBLE] = gpu
