"""A residual net for sensor windows."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import torch
from torch import Tensor, nn

from sslkit.backbones.shapes import require_axes
from sslkit.hookspecs import hookimpl
from sslkit.types import Backbone, Count

if TYPE_CHECKING:
    from sslkit.registry import Registry

STAGES = 4


class ResNet1d(Backbone):
    """A ResNet-18 in one dimension, narrower: for signals of any number of channels and any length.

    A stem (convolution of kernel 7, stride 2) and four stages of residual blocks (two convolutions of kernel
    5); every stage after the first halves the time axis and doubles the width: 32, 64, 128, 256 by default.
    Then the mean over time.

    Args:
        shape: ``(C, T)`` of a window (run-time fact).
        width: of the first stage; ``out_dim`` is 8 times that.
        blocks: residual blocks per stage.

    Raises:
        SSLKitError: samples that have not two axes.

    Source: He et al. 2015, with the kernels of signals; initialisation Kaiming normal, fan out.
    """

    sample_ndim: ClassVar[int] = 2

    def __init__(self, shape: tuple[int, ...], width: Count = 32, blocks: Count = 1) -> None:
        super().__init__()
        require_axes("resnet1d", shape, self.sample_ndim)
        self.stem = nn.Sequential(
            nn.Conv1d(shape[0], width, 7, stride=2, padding=3, bias=False),
            nn.BatchNorm1d(width),
            nn.ReLU(inplace=True),
        )
        self.out_dim = width * 2 ** (STAGES - 1)
        stages: list[nn.Module] = []
        channels = width
        for stage in range(STAGES):
            for block in range(blocks):
                stride = 2 if stage > 0 and block == 0 else 1
                stages.append(_ResidualBlock(channels, width * 2**stage, stride))
                channels = width * 2**stage
        self.stages = nn.Sequential(*stages)
        for module in self.modules():
            if isinstance(module, nn.Conv1d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")

    def forward(self, x: Tensor) -> Tensor:
        """``(B, C, T)`` → ``(B, out_dim)``."""
        features: Tensor = self.stages(self.stem(x)).mean(2)
        return features


class _ResidualBlock(nn.Module):
    def __init__(self, channels: int, width: int, stride: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv1d(channels, width, 5, stride=stride, padding=2, bias=False),
            nn.BatchNorm1d(width),
            nn.ReLU(inplace=True),
            nn.Conv1d(width, width, 5, padding=2, bias=False),
            nn.BatchNorm1d(width),
        )
        self.shortcut: nn.Module = nn.Identity()
        if stride != 1 or channels != width:
            self.shortcut = nn.Sequential(
                nn.Conv1d(channels, width, 1, stride=stride, bias=False), nn.BatchNorm1d(width)
            )

    def forward(self, x: Tensor) -> Tensor:
        return torch.relu(self.body(x) + self.shortcut(x))


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("resnet1d", ResNet1d)
