"""Scale: a fixed linear map of decoded values."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from torch import Tensor

from sslkit.errors import SSLKitError
from sslkit.hookspecs import hookimpl
from sslkit.types import FrontEnd, SampleSpec

if TYPE_CHECKING:
    from sslkit.registry import Registry


class Scale(FrontEnd):
    """Decoded values times a factor plus an offset; by default images 0…1 become -1…1.

    Needs no statistics, so it is the same for every data set. The default centres images, which suits
    networks that pad with zeros. ``factor: 1, offset: 0`` hands decoded values on unchanged.

    Args:
        spec: of the decoded samples, any shape (run-time fact).
        factor: what decoded values are multiplied with; not 0.
        offset: what is added afterwards.

    Raises:
        SSLKitError: ``factor`` is 0.
    """

    def __init__(self, spec: SampleSpec, factor: float = 2.0, offset: float = -1.0) -> None:
        super().__init__()
        if factor == 0:
            raise SSLKitError("scale: factor 0 would erase the data; choose another.")
        self.out_spec = replace(spec, scale=1.0)
        self.factor = factor
        self.offset = offset

    def forward(self, x: Tensor) -> Tensor:
        """``(B, *shape)`` → the same shape."""
        return x * self.factor + self.offset


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("scale", Scale)
