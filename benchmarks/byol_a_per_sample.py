"""BYOL-A's augmentations one spectrogram at a time, as the authors' code does them: mixup, random resize crop, fader.

Source: Niizumi et al. 2021 and 2022.
"""

from __future__ import annotations

import random

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

EPSILON = torch.finfo(torch.float32).eps


class Mixup:
    """Log-mixup-exp with a memory of past samples."""

    def __init__(self, alpha: float = 0.4, memory: int = 2048) -> None:
        self.alpha, self.memory = alpha, memory
        self.bank: list[Tensor] = []

    def __call__(self, x: Tensor) -> Tensor:
        share = self.alpha * np.random.random()
        mixed = x
        if self.bank:
            past = self.bank[np.random.randint(len(self.bank))]
            mixed = torch.log((1.0 - share) * x.exp() + share * past.exp() + EPSILON)
        self.bank = [*self.bank, x][-self.memory :]
        return mixed.to(torch.float)


class RandomResizeCrop:
    """A random rectangle of a larger canvas, resized by bicubic interpolation."""

    def __init__(self, scales: tuple[float, float] = (0.6, 1.5), longer: float = 1.5) -> None:
        self.scales, self.longer = scales, longer

    def __call__(self, x: Tensor) -> Tensor:
        mels, frames = x.shape[-2:]
        width = int(frames * self.longer)
        canvas = torch.zeros(1, mels, width)
        left = (width - frames) // 2
        canvas[:, :, left : left + frames] = x
        height = int(np.clip(int(np.random.uniform(*self.scales) * mels), 1, mels))
        length = int(np.clip(int(np.random.uniform(*self.scales) * frames), 1, width))
        top, start = random.randint(0, mels - height), random.randint(0, width - length)
        crop = canvas[:, top : top + height, start : start + length]
        size = (mels, frames)
        resized = functional.interpolate(crop.unsqueeze(0), size=size, mode="bicubic", align_corners=True)
        return resized.squeeze(0).to(torch.float)


class LinearFader:
    """A straight line over time."""

    def __init__(self, gain: float = 1.0) -> None:
        self.gain = gain

    def __call__(self, x: Tensor) -> Tensor:
        first, last = self.gain * (2.0 * np.random.rand(2) - 1.0)
        steps = x.shape[-1]
        slope = torch.arange(steps, dtype=x.dtype) / (steps - 1)
        return x + float(first) + (float(last) - float(first)) * slope.view(1, 1, -1)


class Chain:
    """One sample ``(1, F, T)`` through all three."""

    def __init__(self) -> None:
        self.steps = (Mixup(), RandomResizeCrop(), LinearFader())

    def __call__(self, x: Tensor) -> Tensor:
        for step in self.steps:
            x = step(x)
        return x
