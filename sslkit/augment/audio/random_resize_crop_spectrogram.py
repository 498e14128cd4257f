"""Other pitch, other tempo, another moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

import torch
from einops import rearrange
from pydantic import Field
from torch import Tensor

from sslkit.augment.audio.base import SpectrogramAugmentation
from sslkit.augment.draws import check_range, uniform
from sslkit.augment.rows import weighted_rows
from sslkit.hookspecs import hookimpl

if TYPE_CHECKING:
    from sslkit.registry import Registry

SHARPNESS = -0.75  # of the cubic kernel, as in torch.nn.functional.interpolate
AtLeastOne = Annotated[float, Field(ge=1)]
Scale = Annotated[float, Field(ge=0.05)]


class RandomResizeCropSpectrogram(SpectrogramAugmentation):
    """A random rectangle of a spectrogram, resized to the whole's size: shifts and stretches in pitch and
    time.

    The spectrogram lies in the middle of a larger canvas of zeros; the rectangle is cut from the canvas
    (its size and place in whole mels and frames, at most the canvas) and resized with bicubic
    interpolation, corners aligned.

    Args:
        canvas: the canvas's size in the spectrogram's: (frequency, time).
        frequency_scale: the rectangle's height in the spectrogram's, uniform in this range.
        time_scale: its width likewise.

    Raises:
        SSLKitError: a range with its larger end first.

    Source: Niizumi et al. 2021 (BYOL-A).
    """

    neutral: ClassVar = {"canvas": (1.0, 1.0), "frequency_scale": (1.0, 1.0), "time_scale": (1.0, 1.0)}

    def __init__(
        self,
        canvas: tuple[AtLeastOne, AtLeastOne] = (1.0, 1.5),
        frequency_scale: tuple[Scale, Scale] = (0.6, 1.5),
        time_scale: tuple[Scale, Scale] = (0.6, 1.5),
    ) -> None:
        check_range("random-resize-crop-spectrogram: frequency_scale", frequency_scale)
        check_range("random-resize-crop-spectrogram: time_scale", time_scale)
        self.canvas, self.frequency_scale, self.time_scale = canvas, frequency_scale, time_scale

    def draw(self, batch: int, length: int, axis: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """The rectangles' first rows (axis 0) or columns (axis 1) and their numbers: both ``(B,)``."""
        scale = (self.frequency_scale, self.time_scale)[axis]
        canvas = int(self.canvas[axis] * length)
        sizes = (uniform(batch, *scale, generator) * length).floor_().clamp_(1, canvas)
        starts = (uniform(batch, 0.0, 1.0, generator) * (canvas - sizes + 1)).floor_()
        return torch.minimum(starts, canvas - sizes), sizes

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        batch, _, mels, frames = x.shape
        rows = self._taps(*self.draw(batch, mels, 0, generator), mels, 0)
        columns = self._taps(*self.draw(batch, frames, 1, generator), frames, 1)
        return resize_crop(x, rows, columns)

    def _taps(self, starts: Tensor, sizes: Tensor, length: int, axis: int) -> tuple[Tensor, Tensor]:
        margin = (int(self.canvas[axis] * length) - length) // 2
        return crop_taps(starts - margin, sizes, length)


def resize_crop(x: Tensor, rows: tuple[Tensor, Tensor], columns: tuple[Tensor, Tensor]) -> Tensor:
    """``x`` (B, C, F, T) interpolated over frequency by the taps ``rows`` and over time by ``columns``."""
    resized = weighted_rows(x.float(), *rows)
    turned = weighted_rows(rearrange(resized, "b c f t -> b c t f"), *columns)
    return rearrange(turned, "b c t f -> b c f t").to(x.dtype).contiguous()


def crop_taps(starts: Tensor, sizes: Tensor, length: int) -> tuple[Tensor, Tensor]:
    """Which 4 points of a signal, and with which weights, give each point of its crop resized to ``length``.

    Args:
        starts: the crops' first points ``(B,)``; the signal is 0 outside of 0…length - 1.
        sizes: their numbers of points. Beyond a crop's ends its end values go on, as in ``interpolate``.

    Returns:
        Indices and weights ``(B, length, 4)``.
    """
    steps = torch.arange(length, device=starts.device)
    positions = steps * ((sizes - 1) / (length - 1))[:, None]
    left = positions.floor()
    source = left[:, :, None] + torch.arange(-1, 3, device=starts.device)
    source = source.clamp_(min=0).minimum((sizes - 1)[:, None, None]) + starts[:, None, None]
    inside = (source >= 0) & (source < length)
    return source.clamp_(0, length - 1).int(), _cubic_weights(positions - left) * inside


def _cubic_weights(fraction: Tensor) -> Tensor:
    """Keys' cubic convolution: weights (…, 4) of the points at -1, 0, 1, 2 for places between 0 and 1."""
    a = SHARPNESS

    def far(d: Tensor) -> Tensor:
        return ((a * d - 5 * a) * d + 8 * a) * d - 4 * a

    def near(d: Tensor) -> Tensor:
        return ((a + 2) * d - (a + 3)) * d * d + 1

    return torch.stack([far(fraction + 1), near(fraction), near(1 - fraction), far(2 - fraction)], dim=-1)


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("random-resize-crop-spectrogram", RandomResizeCropSpectrogram)
