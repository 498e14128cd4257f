"""Which labels an evaluation may see: k per class or a share of them, the same for every method.

The rule of the house: with ``k`` labels per class a method fits ``k`` labels of each class of the training
part and chooses its settings on at most ``k`` of each class of the validation part; with a share, on that share of
each. Baselines obey it too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from sslkit.errors import SSLKitError
from sslkit.randomness import numpy_generator
from sslkit.types import LabelBudget


@dataclass(frozen=True)
class Draw:
    """The labels of one draw: sorted indices of training and validation samples."""

    budget: LabelBudget
    number: int
    train: np.ndarray
    validation: np.ndarray


def labels_given(counts: np.ndarray, budget: LabelBudget) -> np.ndarray:
    """How many labels of each class a budget gives, of ``counts`` ``(classes,)`` that there are.

    A share is of each class's own labels, rounded to the nearest number (a half up), and never less than one; a class
    that has fewer than a budget asks for gives all it has.

    Raises:
        SSLKitError: a budget that is none.
    """
    counts = np.asarray(counts)
    if budget == "all":
        return counts
    asked: np.ndarray | int
    if isinstance(budget, str) and not budget.isdigit():
        asked = np.maximum(1, np.floor(counts * _share(budget) + 0.5).astype(np.int64))
    else:
        asked = int(budget)
        if asked < 1:
            raise SSLKitError(
                f"labels per class: {budget} is below 1; give a number of labels, '10%' or 'all'."
            )
    given: np.ndarray = np.minimum(counts, asked)
    return given


def _share(budget: str) -> float:
    number, sign, _ = budget.partition("%")
    try:
        share = float(number) / 100
    except ValueError:
        share = 0.0
    if not sign or not 0 < share <= 1:
        raise SSLKitError(
            f"labels per class: '{budget}' is no budget; give a number of labels, '10%' or 'all'."
        )
    return share


def mean_labels(counts: np.ndarray, budget: LabelBudget) -> float:
    """Labels per class that a budget gives on average over the classes that have any: what budgets are ordered by."""
    counts = np.asarray(counts)
    return float(labels_given(counts[counts > 0], budget).mean())


def most_labels(budgets: Iterable[LabelBudget], y: np.ndarray) -> LabelBudget:
    """The budget that gives most of the labels ``y`` (-1 where unknown), ``all`` where that is among them."""
    counts = np.bincount(y[y >= 0])
    return max(budgets, key=lambda budget: (mean_labels(counts, budget), budget == "all"))


def draw_labels(
    y: np.ndarray,
    per_class: LabelBudget,
    draw: int,
    seed: int,
    classes: Iterable[int] = (),
    part: str = "training",
    names: Sequence[str] = (),
    groups: np.ndarray | None = None,
) -> np.ndarray:
    """Sorted indices of the labelled samples that may be seen.

    A draw depends on nothing but its arguments, so every method gets the same; within each
    class, the samples of a smaller budget are among those of a larger one. A class with fewer than ``per_class``
    samples gives all it has.

    Without ``groups`` every labelled sample of a class is as likely as any other: as if someone had labelled a
    shuffled pile. With them, labels come group by group in an order that the draw decides, one order for all classes,
    and from the next group only what the groups before have not got: as if someone had labelled one person or one
    machine after another. So the labels lie in as few groups as that order allows.

    Args:
        y: labels ``(N,)``, -1 where unknown; those are never drawn.
        per_class: labels of each class, a share of each class's (``"10%"``, see ``labels_given``), or ``all``.
        draw: the number of the draw, 0 …; without effect on ``all``.
        seed: of all draws.
        classes: that must be there.
        part: the part's name, for errors.
        names: of the classes, for errors.
        groups: ``(N,)``, to draw by group.

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
    rank = None if groups is None else _group_ranks(groups, seed, draw)
    counts = labels_given(np.bincount(y[y >= 0]), per_class)
    chosen = []
    for label in np.unique(y[y >= 0]):
        order = numpy_generator(seed, "labels", draw, int(label)).permutation(np.flatnonzero(y == label))
        if rank is not None:
            order = order[np.argsort(rank[order], kind="stable")]
        chosen.append(order[: counts[label]])
    return np.sort(np.concatenate(chosen))


def _group_ranks(groups: np.ndarray, seed: int, draw: int) -> np.ndarray:
    """Each sample's group's place in the order in which groups are labelled."""
    found, numbers = np.unique(groups, return_inverse=True)
    return numpy_generator(seed, "label groups", draw).permutation(len(found))[numbers]


def label_draws(
    train: np.ndarray,
    validation: np.ndarray,
    budgets: Iterable[LabelBudget],
    draws: int,
    seed: int,
    classes: Iterable[int] = (),
    groups: tuple[np.ndarray | None, np.ndarray | None] = (None, None),
) -> Iterator[Draw]:
    """Every draw of every budget, ``all`` labels once: of the labels ``train`` and ``validation``.

    Args and errors as ``draw_labels``; ``groups`` are those of the two parts, to draw by group.
    """
    for budget in budgets:
        for number in range(1 if budget == "all" else draws):
            yield Draw(
                budget,
                number,
                draw_labels(train, budget, number, seed, classes, groups=groups[0]),
                draw_labels(validation, budget, number, seed, part="validation", groups=groups[1]),
            )


def check_label_draws(
    train: np.ndarray,
    validation: np.ndarray,
    test: np.ndarray,
    budgets: Iterable[LabelBudget],
    seed: int,
    names: Sequence[str] = (),
) -> None:
    """Refuse labels that an evaluation could not work with: to be asked before anything is trained.

    Args:
        train, validation, test: labels of the three parts.
        budgets: labels per class, shares, or ``all``.
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
