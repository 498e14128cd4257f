"""Standardise: zero mean and unit spread per channel."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

import torch
from einops import rearrange
from torch import Tensor

from sslkit.frontends.statistics import mean_and_std
from sslkit.hookspecs import hookimpl
from sslkit.types import FrontEnd, SampleSpec

if TYPE_CHECKING:
    from sslkit.registry import Registry


class Standardise(FrontEnd):
    """Each channel minus its mean, divided by its standard deviation, both of the training part.

    The channel axis is the first axis of a sample: ``(C, T)`` and ``(C, H, W)`` have a statistic per channel,
    ``(T,)`` has one. The standard deviation is the population's (as scikit-learn's StandardScaler); a
    constant channel is only centred. Before ``fit`` it hands values on unchanged.

    Args:
        spec: of the decoded samples, any shape (run-time fact).

    Raises:
        SSLKitError: by ``fit``, on an empty training part, a channel with infinite values or without any, or NaN
            that the samples' spec does not allow.
    """

    mean: Tensor
    std: Tensor

    def __init__(self, spec: SampleSpec) -> None:
        super().__init__()
        self.out_spec = replace(spec, scale=1.0)
        statistic = (1,) if len(spec.shape) == 1 else (spec.shape[0], *[1] * (len(spec.shape) - 1))
        self.register_buffer("mean", torch.zeros(statistic))
        self.register_buffer("std", torch.ones(statistic))

    def fit(self, batches: Iterable[Tensor]) -> None:
        """Mean and standard deviation of decoded batches ``(B, *shape)``; replaces earlier ones."""
        one_axis = len(self.out_spec.shape) == 1
        by_channel = (rearrange(batch, "b t -> b 1 t") if one_axis else batch for batch in batches)
        mean, std = mean_and_std(by_channel, self.out_spec.channels, self.out_spec.missing)
        self.mean.copy_(mean.view_as(self.mean))
        self.std.copy_(std.view_as(self.std))

    def forward(self, x: Tensor) -> Tensor:
        """``(B, *shape)`` → the same shape."""
        return (x - self.mean) / self.std


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("standardise", Standardise)
