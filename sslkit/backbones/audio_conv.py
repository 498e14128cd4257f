"""BYOL-A's network for spectrograms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from einops import rearrange
from pydantic import Field
from torch import Tensor, nn

from sslkit.backbones.shapes import require_axes
from sslkit.errors import SSLKitError
from sslkit.hookspecs import hookimpl
from sslkit.types import Backbone, Count

if TYPE_CHECKING:
    from sslkit.registry import Registry

HALVINGS = 3


class AudioConv(Backbone):
    """BYOL-A's network (5.3 M parameters): three convolution blocks, an MLP per frame, mean + max over time.

    Each block is a 3×3 convolution, BatchNorm, ReLU and 2×2 max-pooling. What is left of the bands is one
    vector per frame, which the MLP takes; frames are joined by the sum of their mean and their maximum. The
    defaults are the paper's. ``width: 32, out_dim: 512`` has 0.4 M parameters and trains about four times
    as fast.

    Args:
        shape: ``(C, F, T')`` of a log-mel spectrogram (run-time fact), at least 8 bands and 8 frames.
        width: channels of the convolutions.
        out_dim: features; the paper has 512, 1024 and 2048.
        dropout: in the MLP while training.

    Raises:
        SSLKitError: samples that have not three axes, or fewer than 8 bands or frames.

    Source: Niizumi et al. 2021 (BYOL-A); nttcslab/byol-a, ``AudioNTT2020``.
    """

    sample_ndim: ClassVar[int] = 3

    def __init__(
        self,
        shape: tuple[int, ...],
        width: Count = 64,
        out_dim: Count = 2048,
        dropout: Annotated[float, Field(ge=0, lt=1)] = 0.3,
    ) -> None:
        super().__init__()
        require_axes("audio-conv", shape, self.sample_ndim)
        channels, bands, frames = shape
        if min(bands, frames) < 2**HALVINGS:
            raise SSLKitError(
                f"audio-conv halves bands and frames {HALVINGS} times, so it needs at least 8 of each; the "
                f"front end gives {bands} and {frames}. Raise n_mels, lower hop_s, or take longer clips."
            )
        self.out_dim = out_dim
        self.blocks = nn.Sequential(
            *(_block(channels if block == 0 else width, width) for block in range(HALVINGS))
        )
        self.mlp = nn.Sequential(
            nn.Linear(width * (bands // 2**HALVINGS), out_dim),
            nn.ReLU(inplace=True),
            nn.Dropout(dropout),
            nn.Linear(out_dim, out_dim),
            nn.ReLU(inplace=True),
        )

    def forward(self, x: Tensor) -> Tensor:
        """``(B, C, F, T')`` → ``(B, out_dim)``."""
        frames: Tensor = self.mlp(rearrange(self.blocks(x), "b c f t -> b t (f c)"))
        return frames.mean(1) + frames.amax(1)


def _block(channels: int, width: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(channels, width, 3, padding=1),
        nn.BatchNorm2d(width),
        nn.MaxPool2d(2),  # before the ReLU, which gives the same on a quarter of the values
        nn.ReLU(inplace=True),
    )


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("audio-conv", AudioConv)
