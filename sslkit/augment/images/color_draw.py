"""What colour jitter does to each image of a batch: which steps, in which order, how much."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Self

import torch
from einops import rearrange
from torch import Tensor

from sslkit.augment.draws import uniform

BLENDS = ("brightness", "contrast", "saturation")


@dataclass(frozen=True)
class ColorJitterDraw:
    """The steps of N images in places that make them cheap.

    Each image has K blends (brightness, contrast, saturation) in an order of its own, and a turn of hue
    before, between or after them. Images are dealt at random into K + 1 groups of equal size, next to
    each other, and group g turns its hue before blend g: so the costly hue is taken on slices, once for
    each image, and nobody has to ask the device how large a group is. N is the batch's size rounded up to
    a multiple of the groups; the places that are too many repeat the last image and are thrown away.

    Attributes:
        image: which image stands in each place ``(N,)``; the batch's size or more for those to throw away.
        blends: names of the K blends.
        order: ``(N, K)``: an index into ``blends`` for each step.
        factors: ``(N, K)``, of each step; 1 changes nothing.
        turns: of hue ``(N,)``, 1 is the full circle; None without hue.
    """

    image: Tensor
    blends: tuple[str, ...]
    order: Tensor
    factors: Tensor
    turns: Tensor | None

    @classmethod
    def random(
        cls, batch: int, strengths: Mapping[str, float], hue: float, generator: torch.Generator
    ) -> Self:
        """Uniform orders, factors in max(0, 1 - strength)…1 + strength, turns in -hue…hue."""
        device = generator.device
        blends = tuple(name for name, strength in strengths.items() if strength > 0)
        groups = len(blends) + 1 if hue > 0 else 1
        places = batch + -batch % groups
        factors = torch.empty(len(blends), places, device=device)
        for name, row in zip(blends, factors, strict=True):
            row.uniform_(max(0.0, 1 - strengths[name]), 1 + strengths[name], generator=generator)
        order = torch.rand(places, len(blends), generator=generator, device=device).argsort(1)
        turns = uniform(places, -hue, hue, generator) if hue > 0 else None
        image = torch.rand(places, generator=generator, device=device).argsort()
        return cls(image, blends, order, rearrange(factors, "blend n -> n blend").gather(1, order), turns)

    @property
    def groups(self) -> int:
        return 1 if self.turns is None else len(self.blends) + 1

    @property
    def steps(self) -> int:
        """Rounds of one turn of hue (for one group) and one blend (for all)."""
        return max(self.groups, len(self.blends))

    def group(self, step: int, places: int) -> slice:
        """Which of ``places`` places turn their hue before blend ``step``."""
        size = places // self.groups
        return slice(step * size, (step + 1) * size)

    def parts(self, places: int) -> Iterator[ColorJitterDraw]:
        """This draw in parts of about ``places`` places, with every group's share in each."""
        numbers = torch.arange(len(self.image), device=self.image.device)
        whole = rearrange(numbers, "(group place) -> group place", group=self.groups)
        for columns in torch.split(whole, max(1, places // self.groups), dim=1):
            rows = rearrange(columns, "group place -> (group place)")
            turns = None if self.turns is None else self.turns[rows]
            yield ColorJitterDraw(self.image[rows], self.blends, self.order[rows], self.factors[rows], turns)

    def is_step(self, step: int, blend: str) -> Tensor:
        """Whose blend ``step`` is this one: 1 or 0 ``(N,)``."""
        return (self.order[:, step] == self.blends.index(blend)).to(self.factors.dtype)
