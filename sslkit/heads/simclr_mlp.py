"""SimCLR's projector."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from torch import Tensor, nn

from sslkit.hookspecs import hookimpl
from sslkit.types import Count, Head

if TYPE_CHECKING:
    from sslkit.registry import Registry


class SimCLRHead(Head):
    """SimCLR's MLP: 2 (v1) or 3 (v2) linear layers without bias, each with BatchNorm, ReLU between them.

    The last BatchNorm scales but does not shift: its bias stays 0 and is not trained.

    Args:
        in_dim: width of the input (run-time fact).
        layers: 2 as in SimCLR v1, or 3 as in v2.
        hidden_dim: width of the hidden layers; by default ``in_dim``, as the reference.
        out_dim: width of the output.

    Source: Chen et al. 2020 (SimCLR), section 2.1; google-research/simclr, ``tf2/model.py`` (ProjectionHead).
    """

    def __init__(
        self, in_dim: int, layers: Literal[2, 3] = 2, hidden_dim: Count | None = None, out_dim: Count = 128
    ) -> None:
        super().__init__()
        self.out_dim = out_dim
        widths = [in_dim, *[hidden_dim or in_dim] * (layers - 1), out_dim]
        modules: list[nn.Module] = []
        for width, next_width in pairwise(widths):
            modules += [nn.Linear(width, next_width, bias=False), nn.BatchNorm1d(next_width), nn.ReLU(True)]
        self.layers = nn.Sequential(*modules[:-1])  # no ReLU after the output
        self.layers[-1].bias.requires_grad_(False)

    def forward(self, x: Tensor) -> Tensor:
        """``(B, in_dim)`` → ``(B, out_dim)``."""
        output: Tensor = self.layers(x)
        return output


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("simclr-mlp", SimCLRHead)
