"""BYOL's projector and predictor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from torch import Tensor, nn

from sslkit.hookspecs import hookimpl
from sslkit.types import Count, Head

if TYPE_CHECKING:
    from sslkit.registry import Registry


class BYOLHead(Head):
    """BYOL's MLP: Linear, BatchNorm, ReLU, Linear; the output has neither bias nor BatchNorm.

    Projector and predictor have the same structure. The default widths are the paper's for a ResNet-50; with
    a small backbone a ``hidden_dim`` of 512 or 1024 is enough and much faster.

    Args:
        in_dim: width of the input (run-time fact).
        hidden_dim: width of the hidden layer.
        out_dim: width of the output.

    Source: Grill et al. 2020 (BYOL), section 3.3; google-deepmind/deepmind-research,
    ``byol/utils/networks.py``.
    """

    def __init__(self, in_dim: int, hidden_dim: Count = 4096, out_dim: Count = 256) -> None:
        super().__init__()
        self.out_dim = out_dim
        self.layers = nn.Sequential(
            nn.Linear(in_dim, hidden_dim),
            nn.BatchNorm1d(hidden_dim),
            nn.ReLU(inplace=True),
            nn.Linear(hidden_dim, out_dim, bias=False),
        )

    def forward(self, x: Tensor) -> Tensor:
        """``(B, in_dim)`` → ``(B, out_dim)``."""
        output: Tensor = self.layers(x)
        return output


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("byol-mlp", BYOLHead)
