"""A small patch transformer for sensor windows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

import torch
import torch.nn.functional as F
from einops import rearrange
from pydantic import Field
from torch import Tensor, nn

from sslkit.backbones.shapes import require_axes
from sslkit.errors import SSLKitError
from sslkit.hookspecs import hookimpl
from sslkit.types import Backbone, Count

if TYPE_CHECKING:
    from sslkit.registry import Registry


class Transformer1d(Backbone):
    """A small transformer over patches of all channels, for signals of any number of channels and any length.

    Patches of ``patch`` samples become tokens, a learned position is added to each, pre-norm encoder layers
    follow, then the mean over the tokens. A length that is no multiple of the patch is filled up with zeros
    at the end.

    Args:
        shape: ``(C, T)`` of a window (run-time fact); the positions are learned for this length.
        width: of a token; ``out_dim``.
        depth: encoder layers.
        heads: of the attention; must divide ``width``.
        patch: samples per token.
        dropout: in attention and layers while training.

    Raises:
        SSLKitError: samples that have not two axes, or heads that do not divide the width.

    Source: Vaswani et al. 2017; patches as Dosovitskiy et al. 2020 and Nie et al. 2022 (PatchTST).
    """

    sample_ndim: ClassVar[int] = 2

    def __init__(
        self,
        shape: tuple[int, ...],
        width: Count = 128,
        depth: Count = 4,
        heads: Count = 4,
        patch: Count = 8,
        dropout: Annotated[float, Field(ge=0, lt=1)] = 0.1,
    ) -> None:
        super().__init__()
        require_axes("transformer1d", shape, self.sample_ndim)
        if width % heads:
            raise SSLKitError(f"transformer1d: {heads} heads do not divide a width of {width}.")
        channels, length = shape
        tokens = -(-length // patch)
        self.fill = tokens * patch - length
        self.out_dim = width
        self.embed = nn.Conv1d(channels, width, patch, stride=patch)
        self.positions = nn.Parameter(torch.empty(tokens, width))
        nn.init.trunc_normal_(self.positions, std=0.02)
        # nn.TransformerEncoder would copy one layer, so that all start with the same weights
        self.layers = nn.Sequential(
            *(
                nn.TransformerEncoderLayer(
                    width, heads, 4 * width, dropout, "gelu", batch_first=True, norm_first=True
                )
                for _ in range(depth)
            )
        )
        self.norm = nn.LayerNorm(width)

    def forward(self, x: Tensor) -> Tensor:
        """``(B, C, T)`` → ``(B, out_dim)``."""
        tokens = rearrange(self.embed(F.pad(x, (0, self.fill))), "b width patch -> b patch width")
        features: Tensor = self.norm(self.layers(tokens + self.positions)).mean(1)
        return features


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("transformer1d", Transformer1d)
