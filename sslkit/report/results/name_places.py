"""Where the names of classes stand on a map, so that no two cover each other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

LETTER, MARGIN, HEIGHT = 0.021, 0.02, 0.05  # of a name, in shares of the map at the names' font size
LONGEST = 14  # letters
ROUNDS = 300


def name_places(
    points: np.ndarray, labels: np.ndarray, class_names: Sequence[str]
) -> list[tuple[float, float, str]]:
    """A name at the densest sample of each class, pushed apart until no two cover each other.

    Args:
        points: of all samples on the map, ``(N, 2)``.
        labels: ``(N,)``, -1 where unknown.
        class_names: of the labels.

    Returns:
        x, y and the name (shortened where it is long), for each class that has samples.
    """
    low, span = points.min(axis=0), np.maximum(np.ptp(points, axis=0), 1e-12)
    present = [int(index) for index in np.unique(labels[labels >= 0])]
    names = [_short(class_names[index]) if index < len(class_names) else str(index) for index in present]
    places = np.array([_middle((points[labels == index] - low) / span) for index in present]).reshape(-1, 2)
    widths = np.array([LETTER * len(name) + MARGIN for name in names])
    for _ in range(ROUNDS):
        moved = _push_apart(places, widths)
        places[:, 0] = np.clip(places[:, 0], widths / 2 - 0.05, 1.05 - widths / 2)
        places[:, 1] = np.clip(places[:, 1], 0, 1)
        if not moved:
            break
    return [(*(low + place * span), name) for place, name in zip(places, names, strict=True)]


def _push_apart(places: np.ndarray, widths: np.ndarray) -> bool:
    """Move each two that cover each other, in place, along the axis on which less is needed; whether any moved."""
    moved = False
    for a in range(len(places)):
        for b in range(a):
            gap = places[a] - places[b]
            over_x = (widths[a] + widths[b]) / 2 - abs(gap[0])
            over_y = HEIGHT - abs(gap[1])
            if over_x > 0 and over_y > 0:
                axis = 1 if over_y <= over_x else 0
                push = (over_y if axis else over_x) / 2 + 1e-3
                side = 1.0 if gap[axis] >= 0 else -1.0
                places[a, axis] += side * push
                places[b, axis] -= side * push
                moved = True
    return moved


def _middle(points: np.ndarray) -> np.ndarray:
    """The sample with the smallest distance to most of its class: inside a cluster, unlike the mean."""
    distances = np.linalg.norm(points[:, None] - points[None], axis=2)
    middle: np.ndarray = points[np.argmin(np.median(distances, axis=1))]
    return middle


def _short(name: str) -> str:
    return name if len(name) <= LONGEST else name[: LONGEST - 1] + "…"
