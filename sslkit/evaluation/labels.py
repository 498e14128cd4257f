"""Which labels an evaluation may see: k per class, the same for every method.

The rule of the house: with ``k`` labels per class a method fits ``k`` labels of each class of the training
part and chooses its settings on at most ``k`` of each class of the validation part. Baselines obey it too.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import numpy as np

from sslkit.errors import SSLKitError
from sslkit.randomness import numpy_generator

Budget = int | Literal["all"]


def draw_labels(
    y: np.ndarray,
    per_class: Budget,
    draw: int,
    seed: int,
    classes: Iterable[int] = (),
    part: str = "training",
) -> np.ndarray:
    """Sorted indices of the labelled samples that may be seen.

    A draw depends on nothing but its arguments, so every method gets the same; the samples of a smaller
    budget are among those of a larger one. A class with fewer than ``per_class`` samples gives all it has.

    Args:
        y: labels ``(N,)``, -1 where unknown; those are never drawn.
        per_class: labels of each class, or ``all``.
        draw: the number of the draw, 0 …; without effect on ``all``.
        seed: of all draws.
        classes: that must be there.
        part: the part's name, for errors.

    Raises:
        SSLKitError: no label at all, a class of ``classes`` without one, or a budget below 1.
    """
    missing = sorted(set(classes) - set(np.unique(y).tolist()))
    if missing:
        raise SSLKitError(
            f"the {part} part has no labelled sample of {'class' if len(missing) == 1 else 'classes'} "
            f"{', '.join(map(str, missing))}. Split otherwise, or drop the class."
        )
    if not (y >= 0).any():
        raise SSLKitError(f"the {part} part has no labels (all are -1): an evaluation needs some.")
    if per_class == "all":
        return np.flatnonzero(y >= 0)
    if per_class < 1:
        raise SSLKitError(f"labels per class: {per_class} is below 1; give a number of labels or 'all'.")
    chosen = [
        numpy_generator(seed, "labels", draw, int(label)).permutation(np.flatnonzero(y == label))[:per_class]
        for label in np.unique(y[y >= 0])
    ]
    return np.sort(np.concatenate(chosen))
