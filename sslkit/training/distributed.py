"""One process, or several started with ``torchrun``: by gloo on CPUs, by NCCL on CUDA GPUs (Linux only)."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor, distributed, nn

from sslkit.errors import SSLKitError, in_a_line


@dataclass(frozen=True)
class Processes:
    """This process's place among those that train together."""

    rank: int = 0
    world: int = 1
    local_rank: int = 0

    @property
    def first(self) -> bool:
        return self.rank == 0


NEEDED = ("RANK", "MASTER_ADDR", "MASTER_PORT")  # beside WORLD_SIZE, of torchrun


def started_together() -> int:
    """How many processes were started to work together, by ``torchrun`` or what sets its variables; 1 without.

    Raises:
        SSLKitError: the variables are not whole.
    """
    text = os.environ.get("WORLD_SIZE", "1")
    if not text.isdecimal() or not int(text):
        raise SSLKitError(f"the environment's WORLD_SIZE is {text!r}, no number of processes. Unset it.")
    missing = [name for name in NEEDED if not os.environ.get(name)]
    if int(text) > 1 and missing:
        raise SSLKitError(
            f"the environment's WORLD_SIZE is {text}, but {', '.join(missing)} {'is' if len(missing) == 1 else 'are'} "
            f"not set. Start {text} processes with torchrun --nproc-per-node {text} -m sslkit pretrain CONFIG, or "
            "unset WORLD_SIZE."
        )
    return int(text)


def refuse_torchrun(command: str) -> None:
    """For what one process does.

    Raises:
        SSLKitError: it was started in several.
    """
    if started_together() > 1:
        raise SSLKitError(
            f"{command} is not for torchrun, whose processes would all do the same: start it once. It uses processes "
            "and GPUs by itself (--workers, --pool ray). torchrun is for pretrain."
        )


@contextmanager
def process_group(device: str = "auto") -> Iterator[Processes]:
    """Join the group that ``torchrun`` describes in the environment; a group of one without it.

    Raises:
        SSLKitError: several processes, and a torch, a device or an environment with which they cannot train together.
    """
    world = started_together()
    if world == 1:
        yield Processes()
        return
    backend = _backend(device)
    try:
        distributed.init_process_group(backend)
    except (RuntimeError, ValueError) as error:
        place = f"{os.environ['MASTER_ADDR']}:{os.environ['MASTER_PORT']}"
        raise SSLKitError(
            f"the {world} processes do not find each other at {place}: {in_a_line(error)}. Is another program at that "
            "port, or a process not started? Choose another one: torchrun --master-port."
        ) from error
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


def mean_over(processes: Processes, values: Sequence[Tensor], device: torch.device) -> list[Tensor]:
    """The mean of each tensor over the processes, which all call this at the same place; one exchange for all."""
    if processes.world == 1 or not values:
        return list(values)
    flat = torch.cat([value.detach().to(device, torch.float64).reshape(-1) for value in values])
    distributed.all_reduce(flat)
    parts = (flat / processes.world).split([value.numel() for value in values])
    return [part.reshape(value.shape).to(value.dtype) for part, value in zip(parts, values, strict=True)]


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
