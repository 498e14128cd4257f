"""Which labels an evaluation may see: k per class, the same for every method.

The rule of the house: with ``k`` labels per class a method fits ``k`` labels of each class of the training
part and chooses its settings on at most ``k`` of each class of the validation part. Baselines obey it too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
    names: Sequence[str] = (),
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
        names: of the classes, for errors.

    Raises:
        SSLKitError: no label at all, a class of ``classes`` without one, or a budget below 1.
    """
    if not (y >= 0).any():
        raise SSLKitError(f"the {part} part has no labels (all are -1): an evaluation needs some.")
    missing = sorted(set(classes) - set(np.unique(y).tolist()))
    if missing:
        listed = ", ".join(_named(missing[:8], names)) + (" …" if len(missing) > 8 else "")
        raise SSLKitError(
            f"the {part} part has no labelled sample of {'class' if len(missing) == 1 else 'classes'} "
            f"{listed}. Split otherwise, or drop the class."
        )
    if per_class == "all":
        return np.flatnonzero(y >= 0)
    if per_class < 1:
        raise SSLKitError(f"labels per class: {per_class} is below 1; give a number of labels or 'all'.")
    chosen = [
        numpy_generator(seed, "labels", draw, int(label)).permutation(np.flatnonzero(y == label))[:per_class]
        for label in np.unique(y[y >= 0])
    ]
    return np.sort(np.concatenate(chosen))


def check_labels(
    train: np.ndarray,
    validation: np.ndarray,
    test: np.ndarray,
    budgets: Iterable[Budget],
    seed: int,
    names: Sequence[str] = (),
) -> None:
    """Refuse labels that an evaluation could not work with: to be asked before anything is trained.

    Args:
        train, validation, test: labels of the three parts.
        budgets: labels per class, or ``all``.
        seed: of the draws.
        names: of the classes.

    Raises:
        SSLKitError: a part without labels, a class of the test part without a training label, or training or
            test labels of one class only.
    """
    present = np.unique(test[draw_labels(test, "all", 0, seed, part="test")])
    for budget in budgets:
        draw_labels(train, budget, 0, seed, present.tolist(), names=names)
        draw_labels(validation, budget, 0, seed, part="validation")
    for part, labels in (("training", np.unique(train[train >= 0])), ("test", present)):
        if len(labels) == 1:
            (name,) = _named(labels.tolist(), names)
            raise SSLKitError(
                f"all labels of the {part} part are of one class ({name}): there is nothing to tell apart. Is "
                "it the right label column? Split otherwise, or add samples of another class."
            )


def _named(classes: Iterable[int], names: Sequence[str]) -> list[str]:
    return [f"'{names[label]}'" if label < len(names) else str(label) for label in classes]
