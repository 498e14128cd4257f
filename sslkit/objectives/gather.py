"""Embeddings of all processes, with gradient."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor


class _Gather(torch.autograd.Function):
    """Concatenates over processes; the gradient of a row is summed over the processes that used it."""

    @staticmethod
    def forward(context: Any, rows: Tensor) -> Tensor:
        parts = [torch.empty_like(rows) for _ in range(dist.get_world_size())]
        dist.all_gather(parts, rows)
        context.first, context.count = dist.get_rank() * len(rows), len(rows)
        return torch.cat(parts)

    @staticmethod
    def backward(context: Any, *gradients: Tensor) -> Tensor:
        total = gradients[0].clone(memory_format=torch.contiguous_format)
        dist.all_reduce(total)
        return total.narrow(0, context.first, context.count)


_gather: Callable[[Tensor], Tensor] = _Gather.apply


def gather(rows: Tensor) -> tuple[Tensor, int]:
    """Rows of all processes in the order of their ranks, and the index of this process's first row.

    With one process the rows come back as they are. Every process must bring the same shape.

    Gradients: where each process takes the mean loss over its *own* rows against everybody's, and DDP
    averages gradients over processes, the result equals one process's gradient on the whole batch. The
    backward pass therefore sums over processes and divides by nothing: DDP's average is the division.

    Args:
        rows: ``(B, D)``.
    Returns:
        ``(processes·B, D)`` and ``rank·B``.
    """
    if not (dist.is_available() and dist.is_initialized()) or dist.get_world_size() == 1:
        return rows, 0
    return _gather(rows.contiguous()), dist.get_rank() * len(rows)
