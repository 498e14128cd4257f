"""Background sounds from past samples."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

import torch
from einops import rearrange
from torch import Tensor

from sslkit.augment.audio.base import SpectrogramAugmentation
from sslkit.augment.draws import uniform
from sslkit.hookspecs import hookimpl
from sslkit.types import Count, Probability

if TYPE_CHECKING:
    from sslkit.registry import Registry

LOG2_E = math.log2(math.e)
EPSILON = torch.finfo(torch.float32).eps


class LogMixupExp(SpectrogramAugmentation):
    """Every spectrogram mixed with a past one, as sounds mix in the air: in energy, and then back to the
    logarithm.

    log((1 - a)·exp(x) + a·exp(z)) with a uniform in 0…alpha and z a random spectrogram of those seen
    before. The first batch has no past and passes unchanged. Where views share a pipeline they share its
    memory, as in the paper's code.

    Args:
        alpha: the largest share of the past spectrogram.
        memory: how many past spectrograms are kept (4·F·T bytes each).

    Source: Niizumi et al. 2021 (BYOL-A), with the authors' memory of 2048.
    """

    neutral: ClassVar = {"alpha": 0.0}

    def __init__(self, alpha: Probability = 0.4, memory: Count = 2048) -> None:
        self.alpha, self.memory = alpha, memory
        self._bank: Tensor | None = None  # of exponentials: each is taken once
        self._filled = 0
        self._next = 0

    def draw(self, batch: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Places in the memory and shares of what is there: both ``(B,)``."""
        places = torch.randint(self._filled, (batch,), generator=generator, device=generator.device)
        return places, uniform(batch, 0.0, self.alpha, generator)

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        energy = (x.float() * LOG2_E).exp2_()  # half the time of exp
        mixed = x
        if self._bank is not None:
            places, shares = self.draw(x.shape[0], generator)
            self._bank = self._bank.to(x.device)  # a checkpoint's may lie elsewhere
            mixed = mix(energy, self._bank.index_select(0, places), shares).to(x.dtype)
        self._remember(energy)
        return mixed

    def _remember(self, energy: Tensor) -> None:
        """Overwrite the oldest."""
        newest = energy[-self.memory :]
        if self._bank is None:
            self._bank = newest.new_zeros(self.memory, *newest.shape[1:])
        first = min(len(newest), self.memory - self._next)
        self._bank[self._next : self._next + first] = newest[:first]
        self._bank[: len(newest) - first] = newest[first:]
        self._next = (self._next + len(newest)) % self.memory
        self._filled = min(self._filled + len(newest), self.memory)

    def state(self) -> dict[str, Tensor]:
        if self._bank is None:
            return {}
        return {"bank": self._bank[: self._filled].clone(), "next": torch.tensor(self._next)}

    def load_state(self, state: Mapping[str, Tensor]) -> None:
        self._bank, self._filled, self._next = None, 0, 0
        if state:
            bank = state["bank"]
            self._bank = bank.new_zeros(self.memory, *bank.shape[1:])
            self._bank[: len(bank)] = bank
            self._filled, self._next = len(bank), int(state["next"])


def mix(energy: Tensor, past: Tensor, shares: Tensor) -> Tensor:
    """The logarithm of ``shares`` (B,) of the past energies and the rest of the present ones."""
    return torch.lerp(energy, past, rearrange(shares, "b -> b 1 1 1")).add_(EPSILON).log_()


@hookimpl
def sslkit_register(registry: Registry) -> None:
    registry.add("log-mixup-exp", LogMixupExp)
