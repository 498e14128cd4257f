"""One process, or several started with ``torchrun`` (gloo on CPU, NCCL on GPU)."""

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
    """Join the group that ``torchrun`` describes in the environment; a group of one without it."""
    world = int(os.environ.get("WORLD_SIZE", "1"))
    if world == 1:
        yield Processes()
        return
    distributed.init_process_group("nccl" if torch.cuda.is_available() and device != "cpu" else "gloo")
    try:
        yield Processes(distributed.get_rank(), world, int(os.environ.get("LOCAL_RANK", "0")))
    finally:
        distributed.destroy_process_group()


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
