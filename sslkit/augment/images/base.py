"""What image augmentations share: the modality, the check of a sample's shape, flips and grey values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import torch
from pydantic import Field
from torch import Tensor

from sslkit.augment.names import augmentation_name
from sslkit.errors import SSLKitError
from sslkit.types import Augmentation, SampleSpec

AspectRatio = Annotated[float, Field(ge=0.01, le=100)]  # width / height


class ImageAugmentation(Augmentation):
    """Takes images ``(B, C, H, W)`` in 0…1 and leaves them there."""

    modalities = ("image",)

    def check(self, spec: SampleSpec) -> None:
        if len(spec.shape) != 3 or min(spec.shape) < 1:
            raise SSLKitError(
                f"{augmentation_name(self)} takes images (channels, height, width); these samples have the shape "
                f"{spec.shape}."
            )


class FlipAugmentation(ImageAugmentation):
    """Mirrors images, by default every other one; ``strength`` scales ``p``, to 1/2 at most."""

    p = 0.5

    @classmethod
    def at_strength(cls, settings: Mapping[str, Any], strength: float) -> dict[str, Any]:
        return {"p": coin(settings["p"], strength)}


def coin(probability: float, strength: float) -> float:
    """Probability of a flip at another strength: beyond 1/2 it would only be less random."""
    return min(probability * strength, max(probability, 0.5))


def luma(x: Tensor) -> Tensor:
    """Grey values ``(B, 1, …)`` of RGB ``(B, 3, …)``, weights of ITU-R 601 as torchvision's."""
    red, green, blue = torch.split(x, 1, dim=1)
    return torch.mul(red, 0.2989).add_(green, alpha=0.587).add_(blue, alpha=0.114)
