"""A plugin in one file: line-scan cameras see a part that sways on its belt line by line.

sslkit compare CONFIG --plugin-path plugins/belt_wobble.py, with {name: belt-wobble} among the views.
"""

import math

import torch

import sslkit
from sslkit.registry import Registry
from sslkit.types import Positive, Probability


class BeltWobble(sslkit.Augmentation):
    """Rows moved sideways along a slow wave, as a line-scan camera sees a part that sways on its belt.

    Every image has a wave of its own: amplitude, number of periods and phase are uniform. Between pixels
    values are linear; beyond the border the last one is repeated. By default every other image.

    Args:
        amplitude: the largest shift, as a share of the width.
        periods: the most periods of the wave over the image's height.
    """

    modalities = ("image",)
    p = 0.5

    def __init__(self, amplitude: Probability = 0.05, periods: Positive = 2.0) -> None:
        self.amplitude, self.periods = amplitude, periods

    def check(self, spec: sslkit.SampleSpec) -> None:
        if len(spec.shape) != 3:
            raise sslkit.SSLKitError(
                f"belt-wobble takes images (C, H, W), not samples of shape {spec.shape}."
            )

    def draw(self, batch: int, height: int, width: int, generator: torch.Generator) -> torch.Tensor:
        """Shifts of the rows in pixels ``(B, H)``."""
        drawn = torch.rand(3, batch, 1, generator=generator, device=generator.device)
        rows = torch.linspace(0, 2 * math.pi, height, device=generator.device)
        wave = torch.sin(self.periods * drawn[1] * rows + 2 * math.pi * drawn[2])
        return self.amplitude * width * drawn[0] * wave

    def apply(self, x: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
        batch, _, height, width = x.shape
        shifts = self.draw(batch, height, width, generator).unsqueeze(-1)
        places = (torch.arange(width, device=x.device) - shifts).clamp(0, width - 1)
        left = places.long()
        right = (left + 1).clamp(max=width - 1)
        from_left, from_right = (x.gather(3, i.unsqueeze(1).expand_as(x)) for i in (left, right))
        return torch.lerp(from_left, from_right, (places - left).unsqueeze(1).to(x.dtype))


@sslkit.hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("belt-wobble", BeltWobble)
