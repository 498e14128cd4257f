"""Mean and variance that BatchNorm keeps for evaluation: the pieces of one step, wherever they run, count as one."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm


class RunningStatistics:
    """Those of all BatchNorm layers of a module.

    A layer updates them at every forward pass, so that a step of several pieces (``accumulate``) would count the last
    piece most, and each of several processes would keep those of its own part of the batch. Here every piece starts
    from what the step started from, and the mean of the pieces' results is kept.

    Args:
        module: with the layers; those in other modes or without statistics are left alone.
    """

    def __init__(self, module: nn.Module) -> None:
        layers = [layer for layer in module.modules() if isinstance(layer, _BatchNorm)]
        self.tensors: list[Tensor] = [
            tensor
            for layer in layers
            for tensor in (layer.running_mean, layer.running_var)
            if tensor is not None
        ]
        self._counts = [
            layer.num_batches_tracked for layer in layers if layer.num_batches_tracked is not None
        ]
        self._before: list[Tensor] = []
        self._sums: list[Tensor] = []
        self._after: list[Tensor] = []

    @torch.no_grad()
    def begin(self) -> None:
        """Before the first of several pieces."""
        self._before = [tensor.clone() for tensor in (*self.tensors, *self._counts)]
        self._sums = [torch.zeros_like(tensor) for tensor in self.tensors]

    @torch.no_grad()
    def next_piece(self) -> None:
        """After the backward pass of a piece: the next one starts where this one did."""
        for total, tensor in zip(self._sums, self.tensors, strict=True):
            total += tensor
        self._after = [count.clone() for count in self._counts]
        for tensor, before in zip((*self.tensors, *self._counts), self._before, strict=True):
            tensor.copy_(before)

    @torch.no_grad()
    def end(self, pieces: int) -> None:
        """After the last piece's ``next_piece``: the mean of them, counted as one piece."""
        for tensor, total in zip(self.tensors, self._sums, strict=True):
            tensor.copy_(total / pieces)
        for count, after in zip(self._counts, self._after, strict=True):
            count.copy_(after)
