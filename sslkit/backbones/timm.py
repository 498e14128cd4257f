"""Any image network of timm."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any, ClassVar

import torch
from torch import Tensor

from sslkit.backbones.shapes import require_axes
from sslkit.errors import SSLKitError
from sslkit.hookspecs import hookimpl
from sslkit.types import Backbone

if TYPE_CHECKING:
    from sslkit.registry import Registry


class Timm(Backbone):
    """Any network of the timm library by its name, from random weights and without its classifier.

    Networks of a fixed input size (vision transformers) are made for the size of the samples. Nothing is ever
    downloaded. Needs ``pip install "sslkit[timm]"``.

    Args:
        shape: ``(C, H, W)`` of a sample (run-time fact).
        model: timm's name, e.g. ``convnext_atto`` or ``vit_tiny_patch16_224``; ``timm.list_models()`` lists
            all.

    Raises:
        SSLKitError: timm is missing, an unknown model, or one that cannot take samples of this shape.
    """

    sample_ndim: ClassVar[int] = 3

    def __init__(self, shape: tuple[int, ...], model: str) -> None:
        super().__init__()
        require_axes("timm", shape, self.sample_ndim)
        try:
            import timm
        except ImportError as error:
            raise SSLKitError('backbone timm needs the timm library: pip install "sslkit[timm]"') from error
        if not timm.is_model(model):
            near = difflib.get_close_matches(model, timm.list_models(), n=3, cutoff=0.5)
            advice = (
                f"Did you mean {' or '.join(map(repr, near))}?" if near else "timm.list_models() lists all."
            )
            raise SSLKitError(f"timm {timm.__version__} has no model '{model}'. {advice}")
        card = timm.get_pretrained_cfg(model)
        fixed = card is not None and card.fixed_input_size
        size: dict[str, Any] = {"img_size": tuple(shape[1:])} if fixed else {}
        try:
            self.network = timm.create_model(
                model, pretrained=False, num_classes=0, in_chans=shape[0], **size
            )
            self.out_dim = self._width(shape)
        except (RuntimeError, ValueError, AssertionError, TypeError) as error:
            raise SSLKitError(
                f"timm's model '{model}' cannot take samples of shape {tuple(shape)}: {error}. "
                "Choose another model or another image size."
            ) from error

    def _width(self, shape: tuple[int, ...]) -> int:
        """timm's ``num_features`` is not always the width of the output, so look at one."""
        self.network.eval()
        with torch.no_grad():
            output: Tensor = self.network(torch.zeros(1, *shape))
        self.network.train()
        if output.ndim != 2:
            raise ValueError(f"its output has shape {tuple(output.shape)} instead of (B, features)")
        return output.shape[1]

    def forward(self, x: Tensor) -> Tensor:
        """``(B, C, H, W)`` → ``(B, out_dim)``."""
        features: Tensor = self.network(x)
        return features


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("timm", Timm)
