"""Other pitch, other tempo, another moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import torch
from pydantic import Field
from torch import Tensor

from sslkit.augment.audio.base import SpectrogramAugmentation
from sslkit.augment.audio.draws import check_ordered, uniform
from sslkit.hookspecs import hookimpl
from sslkit.types import Positive

if TYPE_CHECKING:
    from sslkit.registry import Registry

SHARPNESS = -0.75  # of the cubic kernel, as in torch.nn.functional.interpolate
AtLeastOne = Annotated[float, Field(ge=1)]


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

    def __init__(
        self,
        canvas: tuple[AtLeastOne, AtLeastOne] = (1.0, 1.5),
        frequency_scale: tuple[Positive, Positive] = (0.6, 1.5),
        time_scale: tuple[Positive, Positive] = (0.6, 1.5),
    ) -> None:
        check_ordered("random-resize-crop-spectrogram: frequency_scale", frequency_scale)
        check_ordered("random-resize-crop-spectrogram: time_scale", time_scale)
        self.canvas, self.frequency_scale, self.time_scale = canvas, frequency_scale, time_scale

    def draw(self, batch: int, length: int, axis: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """The rectangles' first rows (axis 0) or columns (axis 1) and their numbers: both ``(B,)``."""
        scale = (self.frequency_scale, self.time_scale)[axis]
        canvas = int(self.canvas[axis] * length)
        sizes = (uniform(batch, scale, generator) * length).floor_().clamp_(1, canvas)
        starts = (uniform(batch, (0.0, 1.0), generator) * (canvas - sizes + 1)).floor_()
        return torch.minimum(starts, canvas - sizes), sizes

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        batch, _, mels, frames = x.shape
        rows = self._matrices(*self.draw(batch, mels, 0, generator), mels, 0)
        columns = self._matrices(*self.draw(batch, frames, 1, generator), frames, 1)
        return resize_crop(x, rows, columns)

    def _matrices(self, starts: Tensor, sizes: Tensor, length: int, axis: int) -> Tensor:
        margin = (int(self.canvas[axis] * length) - length) // 2
        return interpolation_matrices(starts - margin, sizes, length)


def resize_crop(x: Tensor, rows: Tensor, columns: Tensor) -> Tensor:
    """``x`` (B, 1, F, T) interpolated by ``rows`` (B, F, F) and ``columns`` (B, T, T)."""
    return (rows.to(x.dtype) @ x[:, 0] @ columns.to(x.dtype).transpose(1, 2)).unsqueeze(1)


def interpolation_matrices(starts: Tensor, sizes: Tensor, length: int) -> Tensor:
    """``(B, length, length)``: times a signal, it is the signal's crop resized to ``length`` points.

    Args:
        starts: the crops' first points; the signal is 0 outside of 0…length - 1.
        sizes: their numbers of points. Beyond a crop's ends its end values go on, as in ``interpolate``.
    """
    steps = torch.arange(length, device=starts.device)
    positions = steps * ((sizes - 1) / (length - 1))[:, None]
    left = positions.floor()
    weights = _cubic_weights(positions - left)
    matrices = torch.zeros(len(starts), length, length, device=starts.device)
    last = (sizes - 1)[:, None]
    for tap, weight in enumerate(weights):  # one a call: no two add to one place, so the sum's order is fixed
        source = (left + (tap - 1)).clamp_(min=0).minimum(last) + starts[:, None]
        inside = (source >= 0) & (source < length)
        index = source.clamp_(0, length - 1).long().unsqueeze(2)
        matrices.scatter_add_(2, index, (weight * inside).unsqueeze(2))
    return matrices


def _cubic_weights(fraction: Tensor) -> list[Tensor]:
    """Keys' cubic convolution: weights of the points at -1, 0, 1, 2 for a place between 0 and 1."""
    a = SHARPNESS

    def far(d: Tensor) -> Tensor:
        return ((a * d - 5 * a) * d + 8 * a) * d - 4 * a

    def near(d: Tensor) -> Tensor:
        return ((a + 2) * d - (a + 3)) * d * d + 1

    return [far(fraction + 1), near(fraction), near(1 - fraction), far(2 - fraction)]


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("random-resize-crop-spectrogram", RandomResizeCropSpectrogram)
