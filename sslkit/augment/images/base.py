"""What image augmentations share: the modality, checks, uniform draws and grey values."""

from __future__ import annotations

import re

import torch
from torch import Tensor

from sslkit.errors import SSLKitError
from sslkit.types import Augmentation, SampleSpec


class ImageAugmentation(Augmentation):
    """Takes images ``(B, C, H, W)`` in 0…1 and leaves them there."""

    modalities = ("image",)

    def check(self, spec: SampleSpec) -> None:
        if len(spec.shape) != 3 or min(spec.shape) < 1:
            raise SSLKitError(
                f"{self.title()} takes images (channels, height, width); these samples have the shape "
                f"{spec.shape}."
            )

    @classmethod
    def title(cls) -> str:
        """The name in messages: ``ColorJitter`` → ``color-jitter``."""
        return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", cls.__name__).lower()


def check_range(name: str, bounds: tuple[float, float], low: float, high: float) -> None:
    """Raise ``SSLKitError`` unless low ≤ bounds[0] ≤ bounds[1] ≤ high and bounds[1] > 0."""
    if not (low <= bounds[0] <= bounds[1] <= high and bounds[1] > 0):
        raise SSLKitError(
            f"{name} is a range (from, to) within {low:g}…{high:g}, smaller first; found {bounds}."
        )


def uniform(low: float, high: float, generator: torch.Generator, *shape: int) -> Tensor:
    """Numbers in ``low`` … ``high`` on the generator's device."""
    return torch.empty(shape, device=generator.device).uniform_(low, high, generator=generator)


def coin(probability: float, strength: float) -> float:
    """Probability of a flip at another strength: beyond 1/2 it would only be less random."""
    return min(probability * strength, max(probability, 0.5))


def luma(x: Tensor) -> Tensor:
    """Grey values ``(B, 1, …)`` of RGB ``(B, 3, …)``, weights of ITU-R 601 as torchvision's."""
    red, green, blue = torch.split(x, 1, dim=1)
    return torch.mul(red, 0.2989).add_(green, alpha=0.587).add_(blue, alpha=0.114)
