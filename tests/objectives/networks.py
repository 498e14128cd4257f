"""Small networks and a pair of gloo processes for the objectives' tests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import torch
import torch.distributed as dist
import torch.multiprocessing as multiprocessing
from torch import Tensor, nn

from sslkit.types import Backbone, Head


class Plain(Backbone):
    """Linear and tanh: no statistics of the batch."""

    sample_ndim = 1

    def __init__(self, shape: tuple[int, ...] = (5,), width: int = 7) -> None:
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(shape[0], width), nn.Tanh())
        self.out_dim = width

    def forward(self, x: Tensor) -> Tensor:
        return self.layers(x)


class Normed(Backbone):
    """With BatchNorm, which notes the size of every batch it sees."""

    sample_ndim = 1

    def __init__(self, shape: tuple[int, ...] = (5,), width: int = 7) -> None:
        super().__init__()
        self.linear, self.norm, self.out_dim = nn.Linear(shape[0], width), nn.BatchNorm1d(width), width
        self.batch_sizes: list[int] = []

    def forward(self, x: Tensor) -> Tensor:
        self.batch_sizes.append(len(x))
        return torch.relu(self.norm(self.linear(x)))


class PlainHead(Head):
    """One linear layer."""

    def __init__(self, in_dim: int, out_dim: int = 4) -> None:
        super().__init__()
        self.linear, self.out_dim = nn.Linear(in_dim, out_dim), out_dim

    def forward(self, x: Tensor) -> Tensor:
        return self.linear(x)


def two_views(seed: int, batch_size: int, width: int = 5) -> list[Tensor]:
    generator = torch.Generator().manual_seed(seed)
    return [torch.randn(batch_size, width, generator=generator) for _ in range(2)]


def in_two_processes(work: Callable[[int], Any], folder: Path) -> list[Any]:
    """What ``work(rank)`` returns in each of two gloo processes. ``work`` is a module's function."""
    multiprocessing.spawn(_child, (work, str(folder)), nprocs=2)
    return [torch.load(folder / f"{rank}.pt", weights_only=False) for rank in range(2)]


def _child(rank: int, work: Callable[[int], Any], folder: str) -> None:
    torch.set_num_threads(1)
    store = f"file://{folder}/store"
    dist.init_process_group("gloo", store, timedelta(seconds=60), world_size=2, rank=rank)
    try:
        torch.save(work(rank), Path(folder) / f"{rank}.pt")
        dist.barrier()
    finally:
        dist.destroy_process_group()
