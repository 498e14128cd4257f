"""Parts with planted leaks."""

from __future__ import annotations

import numpy as np
import torch

from sslkit.data.samples import ArraySamples
from sslkit.data.splits import Splits
from sslkit.guards import Inspection, inspect
from sslkit.types import Part, SampleSpec


def pictures(count: int, seed: int, size: int = 16) -> np.ndarray:
    """Smooth random pictures, no two alike: uint8 ``(N, 3, size, size)``."""
    coarse = torch.from_numpy(np.random.default_rng(seed).normal(size=(count, 3, 6, 6)))
    fine = torch.nn.functional.interpolate(coarse, size=size, mode="bicubic")
    return (128 + 40 * fine).clamp(0, 255).to(torch.uint8).numpy()


def splits_of(
    train: np.ndarray, validation: np.ndarray, test: np.ndarray, groups: tuple = (None, None, None)
) -> Splits:
    parts = [
        Part(ArraySamples(x), np.arange(len(x)) % 2, g)
        for x, g in zip((train, validation, test), groups, strict=True)
    ]
    by = "group" if groups[0] is not None else "class"
    return Splits(*parts, by, tuple(np.arange(len(part)) for part in parts))


def inspected(splits: Splits, most_copies: float = 0.05) -> Inspection:
    shape = splits.train.x[np.array([0])].shape[1:]
    spec = SampleSpec(
        "image" if len(shape) == 3 else "sensor", tuple(shape), scale=1 / 255 if len(shape) == 3 else 1.0
    )
    return inspect(splits, spec, spec.decode, most_copies)


def found(inspection: Inspection) -> dict[str, int]:
    """Guard → count, of the test part."""
    return {f.guard: f.count for f in inspection.findings if f" of {f.of} test " in f.text}
