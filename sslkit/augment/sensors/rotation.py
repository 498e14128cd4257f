"""Another way to wear or mount a three-axis sensor."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, ClassVar

import torch
from einops import rearrange
from pydantic import Field
from torch import Tensor

from sslkit.augment.draws import uniform
from sslkit.augment.sensors.base import SensorAugmentation
from sslkit.augment.sensors.channels import ChannelGroups
from sslkit.errors import SSLKitError
from sslkit.hookspecs import hookimpl
from sslkit.types import SampleSpec

if TYPE_CHECKING:
    from sslkit.registry import Registry


class Rotation(SensorAugmentation):
    """Three-axis sensors turned by a random angle about a random axis, as if worn or mounted another way.

    Works in physical units (before standardisation), where the three axes of a sensor share one scale. The
    axis is uniform on the sphere, the angle uniform in ±degrees. Where one axis misses a value, the turned
    sensor misses all three of that moment.

    Args:
        groups: the channels (names or indices) of each three-axis sensor, e.g.
            ``[[ax, ay, az], [gx, gy, gz]]``; other channels stay. Without it the channels are
            consecutive triples, and their number must divide by 3.
        degrees: the largest angle.
        together: one rotation for all groups of a sample (sensors in one case), or one for each.

    Raises:
        SSLKitError: groups that are no triples, overlap or name missing channels.

    Source: Um et al. 2017; Tang et al. 2020 found it the best single augmentation for SimCLR.
    """

    stage = "raw"
    neutral: ClassVar = {"degrees": 0.0}

    def __init__(
        self,
        groups: list[list[int | str]] | None = None,
        degrees: Annotated[float, Field(ge=0, le=180)] = 180.0,
        together: bool = False,
    ) -> None:
        if groups is not None and (not groups or any(len(group) != 3 for group in groups)):
            raise SSLKitError(f"rotation: every group names the 3 axes of one sensor, found {groups}.")
        self._groups = None if groups is None else ChannelGroups("rotation", groups)
        self.degrees, self.together = degrees, together

    def check(self, spec: SampleSpec) -> None:
        super().check(spec)
        if self._groups is not None:
            self._groups.resolve(spec)
        self.triples(spec.shape[0])

    def triples(self, channels: int) -> list[int]:
        """Indices of the channels to rotate, three for each group."""
        if self._groups is not None:
            return [index for group in self._groups.indices(channels) for index in group]
        if channels % 3:
            raise SSLKitError(
                f"rotation: {channels} channels are not triples of axes. Name the three-axis sensors, "
                "e.g. groups: [[0, 1, 2]], or leave rotation out."
            )
        return list(range(channels))

    def draw(self, batch: int, groups: int, generator: torch.Generator) -> Tensor:
        """Rotation matrices ``(B, groups, 3, 3)``."""
        drawn = batch if self.together else batch * groups
        axes = torch.randn(drawn, 3, generator=generator, device=generator.device)
        limit = math.radians(self.degrees)
        matrices = rotation_matrices(axes, uniform(drawn, -limit, limit, generator))
        return rearrange(matrices, "(b g) i j -> b g i j", b=batch).expand(-1, groups, -1, -1)

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        indices = self.triples(x.shape[1])
        return rotate(x, self.draw(x.shape[0], len(indices) // 3, generator), indices)


def rotation_matrices(axes: Tensor, angles: Tensor) -> Tensor:
    """Rodrigues' formula: axes ``(N, 3)`` of any length and angles ``(N,)`` in radians → ``(N, 3, 3)``."""
    x, y, z = torch.nn.functional.normalize(axes, dim=1).unbind(1)
    zero = torch.zeros_like(x)
    rows = torch.stack([zero, -z, y, z, zero, -x, -y, x, zero], dim=1)
    cross = rearrange(rows, "n (i j) -> n i j", i=3)
    sine, versine = rearrange(angles.sin(), "n -> n 1 1"), rearrange(1 - angles.cos(), "n -> n 1 1")
    return torch.eye(3, device=axes.device) + sine * cross + versine * (cross @ cross)


def rotate(x: Tensor, matrices: Tensor, indices: list[int]) -> Tensor:
    """The triples of channels ``indices`` of ``x`` (B, C, T) times ``matrices`` (B, groups, 3, 3)."""
    if indices == list(range(x.shape[1])):
        return _turned(x, matrices)
    index = torch.tensor(indices, device=x.device)
    return x.index_copy(1, index, _turned(x.index_select(1, index), matrices))


def _turned(x: Tensor, matrices: Tensor) -> Tensor:
    """Channels in triples, each times its matrix."""
    triples = rearrange(x, "b (g xyz) t -> b g xyz t", xyz=3)
    return rearrange(torch.matmul(matrices.to(x.dtype), triples), "b g xyz t -> b (g xyz) t")


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("rotation", Rotation)
