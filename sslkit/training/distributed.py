"""One process, or several started with ``torchrun``: by gloo on CPUs, by NCCL on CUDA GPUs (Linux only)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import distributed, nn

from sslkit.errors import SSLKitError


@dataclass(frozen=True)
class Processes:
    """This process's place among those that train together."""

    rank: int = 0
    world: int = 1
    local_rank: int = 0

    @property
    def first(self) -> bool:
        return self.rank == 0


@contextmanager
def process_group(device: str = "auto") -> Iterator[Processes]:
    """Join the group that ``torchrun`` describes in the environment; a group of one without it.

    Raises:
        SSLKitError: several processes, and a torch or a device with which they cannot train together.
    """
    world = int(os.environ.get("WORLD_SIZE", "1"))
    if world == 1:
        yield Processes()
        return
    distributed.init_process_group(_backend(device))
    try:
        yield Processes(distributed.get_rank(), world, int(os.environ.get("LOCAL_RANK", "0")))
    finally:
        distributed.destroy_process_group()


def _backend(device: str) -> str:
    """What carries the gradients."""
    if not distributed.is_available():
        raise SSLKitError(
            "this build of torch cannot train in several processes (it has no torch.distributed). Run the same command "
            "without torchrun."
        )
    if device.startswith("mps"):
        raise SSLKitError(
            "several processes cannot train together on Apple's GPU. Set training.device: cpu, or run the same command "
            "without torchrun."
        )
    if device == "cpu" or not torch.cuda.is_available():
        return "gloo"
    if not distributed.is_nccl_available():
        raise SSLKitError(
            "several processes train together on GPUs by NCCL, which torch has on Linux only. Set "
            "training.device: cpu, or run the same command without torchrun."
        )
    return "nccl"


def wrap(module: nn.Module, processes: Processes, device: torch.device) -> nn.Module:
    """The whole objective in DDP, with batch statistics over all processes where the device can (CUDA)."""
    if processes.world == 1:
        return module
    if device.type == "cuda":
        module = nn.SyncBatchNorm.convert_sync_batchnorm(module)
    return nn.parallel.DistributedDataParallel(
        module, device_ids=[device.index] if device.type == "cuda" else None, broadcast_buffers=False
    )


def share(batch_size: int, processes: Processes) -> int:
    """This process's part of a batch.

    Raises:
        SSLKitError: the batch does not divide.
    """
    if batch_size % processes.world:
        raise SSLKitError(
            f"training.batch_size {batch_size} does not divide over {processes.world} processes; choose a multiple."
        )
    return batch_size // processes.world
