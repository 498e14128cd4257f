"""Everything a run draws is a function of (seed, purpose, where it is drawn): a killed run can draw it again."""

from __future__ import annotations

import hashlib

import numpy as np
import torch


def derive(seed: int, *key: str | int) -> int:
    """A 63-bit seed for one purpose, e.g. ``derive(0, "views", step, view)``; independent of all others."""
    text = "/".join([str(seed), *(str(part) for part in key)])
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") >> 1


def generator(seed: int, *key: str | int, device: torch.device | str = "cpu") -> torch.Generator:
    """A torch generator on ``device`` seeded by ``derive``."""
    return torch.Generator(device=device).manual_seed(derive(seed, *key))


def numpy_generator(seed: int, *key: str | int) -> np.random.Generator:
    """A numpy generator seeded by ``derive``."""
    return np.random.default_rng(derive(seed, *key))
